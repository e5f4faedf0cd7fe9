// The run of an import: each version of an uploaded file is imported once, however often its event is delivered.
import { createHash } from "node:crypto";
import { MAX_RECEIVES } from "@sluice/models/limits.ts";
import { buckets } from "../aws/link.ts";
import { db } from "../db.ts";
import { toSluiceError } from "../error/error.ts";
import { commit, type CommitEvent } from "../event/record.ts";
import { log } from "../log.ts";
import { type DeclaredModel, listModels } from "../model/model.ts";
import { type Arrival, isFolderMarker, parseArrival } from "../upload/arrival.ts";
import type { ImportItem } from "./import.entity.ts";
import { problemList, shorten } from "./import-problems.ts";
import { type ImportCounts, zeroCounts } from "./plan.ts";

export interface Receipt {
  /** Receive count of the message. */
  receives: number;
  now: number;
}

export interface ImportFile extends Receipt {
  id: string;
  model: DeclaredModel;
  arrival: Arrival;
  problems: ReturnType<typeof problemList>;
}

/** What the file changed, and the events of the change. */
export interface Imported {
  counts: ImportCounts;
  events: CommitEvent[];
}

/** Files are below `<folder>/<model>/` in the uploads bucket. */
export async function runImport(
  folder: string,
  message: string,
  { receives, now }: Receipt,
  importFile: (file: ImportFile) => Promise<Imported>,
): Promise<void> {
  const arrival = parseArrival(message);
  const { bucket, key, versionId, etag } = arrival.source;
  const [first, modelName, ...path] = key.split("/");
  if (isFolderMarker(arrival) || first !== folder || !path.join() || bucket !== buckets.uploads()) return;
  const model = listModels().find(({ name }) => name === modelName);
  if (!model) return log().warn("Ignored an import: its model is not declared", { key });
  const record: ImportItem = {
    id: importId(bucket, key, versionId ?? etag ?? ""),
    model: model.name,
    status: "running",
    source: key,
    ...storedCounts(zeroCounts()),
    problemCount: 0,
    receives,
    createdAt: arrival.uploadedAt,
    changedAt: new Date(now).toISOString(),
  };
  if (!(await begin(record))) return;

  const { id } = record;
  const problems = problemList();
  try {
    const { counts, events } = await importFile({ id, model, arrival, problems, receives, now });
    const done: ImportItem = { ...record, status: "done", ...storedCounts(counts), ...problems.result() };
    await finish(done, events, now);
    log().info("Imported", { id, key, ...counts, problems: done.problemCount });
  } catch (thrown) {
    const { code, message: reason, hint, kind } = toSluiceError(thrown);
    // A system error may pass; an error of the file returns with every try.
    const redrivable = kind === "system";
    if (redrivable && receives < MAX_RECEIVES) throw thrown;
    const failed: ImportItem = {
      ...record,
      status: "failed",
      ...problems.result(),
      error: { code, message: shorten(reason), hint },
      redrivable,
    };
    await finish(failed, [], now);
    if (redrivable) throw thrown;
    log().warn("Import failed", { id, key, code, message: reason });
  }
}

const storedCounts = ({ added, changed, unchanged, older }: ImportCounts) => ({
  added,
  changed,
  unchanged,
  older,
});

export const importId = (bucket: string, key: string, version: string) =>
  `imp_${createHash("sha256")
    .update(JSON.stringify([bucket, key, version]))
    .digest("hex")
    .slice(0, 24)}`;

/** False for an import that has ended before. */
async function begin(record: ImportItem): Promise<boolean> {
  const { rejected } = await db()
    .entities.import.put(record)
    .where(
      (is, { notExists, eq }) =>
        `${notExists(is.id)} OR ${eq(is.status, "running")} OR ${eq(is.redrivable, true)}`,
    )
    .go({ response: "none", returnOnConditionCheckFailure: true });
  return !rejected;
}

async function finish(record: ImportItem, events: CommitEvent[], now: number): Promise<void> {
  const changedAt = new Date(now).toISOString();
  await commit(events, now, (writers) => [
    writers.import
      .put({ ...record, finishedAt: changedAt, changedAt })
      .where((is, { eq }) => eq(is.status, "running"))
      .commit(),
  ]);
}
