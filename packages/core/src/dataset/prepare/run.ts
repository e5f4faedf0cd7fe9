// From labels to a dataset, in rounds: each reads all labels beside what is known of their files, and hands out the files
// nobody has looked at yet. What is found is kept by key and ETag, so the round that finds nothing left to look at writes
// the dataset. Lost, late or repeated messages cost at most another round: the table holds the truth, not the messages.
import * as z from "zod";
import { buckets } from "../../aws/link.ts";
import { db } from "../../db.ts";
import { SluiceError } from "../../error/error.ts";
import { log } from "../../log.ts";
import { type Declared, model as modelNamed } from "../../model/model.ts";
import { datasetFolder, type DatasetOptions } from "../dataset.ts";
import type { DatasetItem } from "../dataset.entity.ts";
import type { FactItem } from "../fact.entity.ts";
import type { Size } from "@sluice/labels/format/labelled.ts";
import { problems } from "@sluice/labels/format/problem.ts";
import { wordingHash } from "@sluice/labels/inspect/text.ts";
import { readyFromId, reportOf } from "../read.ts";
import { wake } from "../request.ts";
import { handOut } from "./chunks.ts";
import { divide } from "./divide.ts";
import { labelsWithFacts } from "./facts.ts";
import { gatherer } from "./gather.ts";
import { objects, shortEtag } from "./objects.ts";
import { identical, ready } from "./outcome.ts";
import { intoFolder } from "./sink.ts";
import { spool as makeSpool, type Spool } from "./spool.ts";
import type { Gathered } from "./gather.ts";
import { write } from "./write.ts";

/** A file that was overwritten between two looks needs another; more rounds than these mean that something is wrong. */
const mostRounds = 6;
/** How long a round may stand still before it is begun again: a lost message, a function that died. */
const stillSeconds = 600;

export const Message = z.object({
  dataset: z.string(),
  /** All files of this round have been looked at. */
  after: z.number().int().optional(),
  /** Whether this round goes on: so many chunks were done when it was last looked at. */
  check: z.number().int().optional(),
  done: z.number().int().optional(),
});
export type Message = z.output<typeof Message>;

export interface Delivery {
  message: Message;
  /** Above 1, whoever had it before failed or died. */
  receives: number;
  now: number;
}

export async function run({ message, receives, now }: Delivery): Promise<void> {
  const { data: record } = await db().entities.dataset.get({ id: message.dataset }).go({ consistent: true });
  if (record?.status !== "preparing") return;
  const { id, round } = record;
  if (message.check !== undefined) {
    if (message.check !== round) return;
    const done = record.chunksDone ?? 0;
    if (done !== message.done) return wake(id, stillSeconds, { check: round, done });
    log().warn("A round stands still and is begun again", { dataset: id, round, done, of: record.chunks });
  } else if (receives === 1 && (message.after ?? 0) !== round) return;
  if (round >= mostRounds)
    throw new SluiceError(
      "DATASET_INSPECTION_FAILED",
      `After ${round} rounds ${record.chunksDone ?? 0} of ${record.chunks ?? 0} chunks of files were looked at.`,
    );
  const claimed = await claim(record, now);
  if (claimed) await look(claimed, now);
}

async function claim(record: DatasetItem, now: number): Promise<DatasetItem | undefined> {
  const { id, round } = record;
  const { data } = await db()
    .entities.dataset.update({ id })
    .set({
      round: round + 1,
      step: "listing",
      chunksDone: 0,
      filesDone: 0,
      changedAt: new Date(now).toISOString(),
    })
    .remove(["chunks", "files"])
    .where((is, { eq }) => `${eq(is.round, round)} AND ${eq(is.status, "preparing")}`)
    .go({ response: "all_new" })
    .catch((error: unknown) => {
      if (/conditional request failed/i.test((error as Error).message)) return { data: undefined };
      throw error;
    });
  return data as DatasetItem | undefined;
}

async function look(record: DatasetItem, now: number): Promise<void> {
  const { id, model, round } = record;
  const declared = modelNamed(model);
  const options = record.options as DatasetOptions;
  const spool = await makeSpool();
  try {
    const gathering = gatherer(declared, options, spool);
    const there = objects(buckets.uploads());
    const out = handOut({ dataset: id, model, round });
    let open = 0;
    for await (const { label, fact } of labelsWithFacts(model)) {
      const { key, text, label: one, boxes, image } = label;
      const said = { file: key, label: one, boxes, ...size(fact, image) };
      if (text !== undefined && key.startsWith("text/")) {
        await gathering.add({ ...said, text, hash: wordingHash(text).slice(0, 32) });
        continue;
      }
      const etag = await there.etagOf(key);
      if (etag === undefined) {
        const { fix } = problems.FILE_MISSING;
        await gathering.add({
          ...said,
          problem: { code: "FILE_MISSING", message: `${key} is not there.`, fix },
        });
      } else if (fact === undefined || shortEtag(fact.etag) !== etag) {
        open += 1;
        await out.add(key);
      } else {
        const { size: bytes, hash, looks, takenAt, problem } = fact;
        const stated = image as Size | undefined;
        await gathering.add({ ...said, etag: fact.etag, bytes, hash, looks, takenAt, stated, problem });
      }
    }
    if (open > 0) return await waitFor(record, await out.end(), now);
    await makeFiles(record, { declared, options, spool, gathered: gathering.done() }, now);
  } finally {
    await spool.remove();
  }
}

/** The picture's size as the file has it, else as its label says. */
function size(fact: FactItem | undefined, image: unknown): { width?: number; height?: number } {
  if (fact?.width !== undefined && fact.height !== undefined)
    return { width: fact.width, height: fact.height };
  const { width, height } = (image ?? {}) as { width?: number; height?: number };
  return { width, height };
}

/** The round's last chunk wakes the dataset; that was this very call, where all were done before their number was known. */
async function waitFor(
  { id, round }: DatasetItem,
  handedOut: { chunks: number; files: number },
  now: number,
) {
  const { data } = await db()
    .entities.dataset.update({ id })
    .set({ ...handedOut, step: "inspecting", changedAt: new Date(now).toISOString() })
    .where((is, { eq }) => eq(is.round, round))
    .go({ response: "all_new" });
  const { chunksDone = 0, chunks = 0 } = data as DatasetItem;
  if (chunksDone >= chunks) await wake(id, 0, { after: round });
  else await wake(id, stillSeconds, { check: round, done: chunksDone });
}

interface Whole {
  declared: Declared;
  options: DatasetOptions;
  spool: Spool;
  gathered: Gathered;
}

async function makeFiles(record: DatasetItem, { declared, options, spool, gathered }: Whole, now: number) {
  const { id, model, createdAt } = record;
  const older = await identical(model, gathered.digest, id);
  if (older) {
    const found = await readyFromId(older.id);
    await ready(record, await reportOf(found), found, now);
    return;
  }
  const divided = divide(declared, gathered, options);
  const about = {
    model: declared,
    dataset: { id, options, createdAt },
    finishedAt: new Date(now).toISOString(),
    base: `s3://${buckets.uploads()}/`,
  };
  const report = await write(about, gathered, divided, spool, intoFolder(datasetFolder(model, id)));
  await ready(record, report, undefined, now);
}
