// A label file has arrived: its labels into the table, its problems into the import's record.
import { createHash } from "node:crypto";
import { MAX_RECEIVES } from "@sluice/models/limits.ts";
import { buckets } from "../aws/link.ts";
import { dataPrefix } from "./files.ts";
import { bucket as bucketOf } from "./bucket.ts";
import { readLabels } from "@sluice/labels/format/formats.ts";
import { isLabelled, type Labelled } from "@sluice/labels/format/labelled.ts";
import { isProblem, type Problem, problem } from "@sluice/labels/format/problem.ts";
import { db } from "../db.ts";
import { invalidInput, toSluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { log } from "../log.ts";
import * as Model from "../model/model.ts";
import { type Arrival, isFolderMarker, parseArrival } from "../upload/arrival.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { arrived } from "./arrived.ts";
import type { ImportItem } from "./import.entity.ts";
import { PrefixRequest, prefixRequestName } from "./imports.ts";
import { jsonBytes, Said } from "./label.ts";
import { misfit } from "./misfit.ts";
import { textKey } from "./shard.ts";
import { nothing, writer, type Outcome } from "./write.ts";

/** Problems a record names; the rest are counted. With their texts they must fit into 400 KB. */
const named = 200;
const longestText = 500;
const longestFile = 1_100;
/** A message ends in its reason. */
const longestEnd = 200;
const longestTexts = 300_000;

/** Label files may hold any text, and the record must hold what is wrong with it. */
const shortened = (text: string, most = longestText) =>
  (text.length > most
    ? `${text.slice(0, most - longestEnd)} ... ${text.slice(-longestEnd)}`
    : text
  ).toWellFormed();

interface Receipt {
  /** How often the message came. */
  receives: number;
  now: number;
}

/** Once for each version of a label file, however often its event comes. */
export async function bring(message: string, { receives, now }: Receipt): Promise<void> {
  const arrival = parseArrival(message);
  const { bucket, key, versionId, etag } = arrival.source;
  const model = /^labels\/([^/]+)\/./.exec(key)?.[1];
  if (isFolderMarker(arrival) || model === undefined || bucket !== buckets.uploads()) return;
  const declared = Model.list().find(({ name }) => name === model);
  if (!declared) return log().warn("A label file for a model nobody declared", { key });
  const id = importId(bucket, key, versionId ?? etag ?? "");
  const at = new Date(now).toISOString();
  const begun: ImportItem = {
    id,
    model,
    status: "running",
    source: key,
    ...numbers(nothing()),
    problemCount: 0,
    receives,
    createdAt: arrival.uploadedAt,
    changedAt: at,
  };
  const { rejected } = await db()
    .entities.import.put(begun)
    .where(
      (is, { notExists, eq }) =>
        `${notExists(is.id)} OR ${eq(is.status, "running")} OR ${eq(is.redrivable, true)}`,
    )
    .go({ response: "none", returnOnConditionCheckFailure: true });
  if (rejected) return;

  const found = problems();
  try {
    const by = { model, source: key, now, importId: id, again: receives > 1 };
    const outcome = await read(declared, arrival, by, found.add);
    const done: ImportItem = { ...begun, status: "done", ...numbers(outcome), ...found.result() };
    await finish(done, outcome, now);
    log().info("Labels imported", { id, key, ...outcome, problems: done.problemCount });
  } catch (thrown) {
    const error = toSluiceError(thrown);
    // The system's fault is tried again; the file's own would be the same each time.
    const again = error.kind === "system";
    if (again && receives < MAX_RECEIVES) throw error;
    const { code, message: what, hint } = error;
    const failed: ImportItem = {
      ...begun,
      status: "failed",
      ...found.result(),
      error: { code, message: shortened(what), hint },
      redrivable: again,
    };
    await finish(failed, nothing(), now);
    if (again) throw error;
    log().warn("A label file could not be imported", { id, key, code, message: what });
  }
}

const numbers = ({ added, changed, unchanged, older }: Outcome) => ({ added, changed, unchanged, older });

export const importId = (bucket: string, key: string, version: string) =>
  `imp_${createHash("sha256")
    .update(JSON.stringify([bucket, key, version]))
    .digest("hex")
    .slice(0, 24)}`;

async function finish(item: ImportItem, { added, changed, removed }: Outcome, now: number): Promise<void> {
  const at = new Date(now).toISOString();
  const { id, model, source } = item;
  const told = added + changed + removed > 0;
  await commit(
    told
      ? [{ type: "labels.changed", detail: { id, model, added, changed, removed, source, changedAt: at } }]
      : [],
    now,
    (writers) => [
      writers.import
        .put({ ...item, finishedAt: at, changedAt: at })
        .where((is, { eq }) => eq(is.status, "running"))
        .commit(),
    ],
  );
}

function problems() {
  const first: Problem[] = [];
  let [problemCount, bytes] = [0, 0];
  return {
    add({ file, message, ...rest }: Problem) {
      problemCount += 1;
      const one = { ...rest, file: shortened(file, longestFile), message: shortened(message) };
      bytes += jsonBytes(one);
      if (first.length < named && bytes < longestTexts) first.push(one);
    },
    result: () => ({ problemCount, problems: withoutUndefined(first) }),
  };
}

async function read(
  model: Model.Declared,
  { source, uploadedAt }: Arrival,
  by: Parameters<typeof writer>[0],
  complain: (one: Problem) => void,
): Promise<Outcome> {
  const { bucket, key } = source;
  const into = writer(by);
  const { labels, place } = await labelsOf(bucket, key, model);
  for await (const one of labels) {
    if (isProblem(one)) complain({ ...one, file: place(one.file) });
    else if (isLabelled(one)) {
      const said = saidBy(one, model.name, uploadedAt);
      const parsed = Said.safeParse(said);
      const where = { file: place(one.at?.file ?? one.file ?? key), line: one.at?.line };
      if (!parsed.success) {
        complain(problem("FIELD_INVALID", where, `${said.key}: ${invalidInput(parsed.error).message}`));
        continue;
      }
      const wrong = misfit(model, parsed.data);
      if (wrong) complain(problem(wrong.code, where, `${said.key}: ${wrong.message}.`));
      else await into.add(parsed.data);
    }
  }
  return into.end();
}

async function labelsOf(
  bucket: string,
  key: string,
  { name, classes }: Model.Declared,
): Promise<{ labels: AsyncIterable<Labelled | Problem>; place(file: string): string }> {
  if (!key.endsWith(prefixRequestName)) {
    const { collection, place } = await arrived(bucket, key, name);
    return { labels: readLabels(collection, { classes, folders: [dataPrefix(name)] }), place };
  }
  const text = Buffer.from((await bucketOf(bucket, "").read(key)) ?? []).toString("utf8");
  const parsed = PrefixRequest.safeParse(parse(text));
  if (!parsed.success) throw invalidInput(parsed.error, "LABELS_UNREADABLE");
  const { prefix } = parsed.data;
  const below = readLabels(bucketOf(bucket, prefix), { format: "folders", classes });
  return { labels: inFolder(below, prefix), place: (file) => file };
}

async function* inFolder(labels: AsyncIterable<Labelled | Problem>, prefix: string) {
  for await (const one of labels)
    yield isProblem(one) || one.file === undefined ? one : { ...one, file: prefix + one.file };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function saidBy({ at: _, file, ...item }: Labelled, model: string, uploadedAt: string) {
  const when = Date.parse(item.labelledAt ?? "");
  return {
    ...item,
    key: file === undefined ? textKey(item.text ?? "") : keyOf(file, model),
    labelledAt: Number.isNaN(when) ? uploadedAt : new Date(when).toISOString(),
  };
}

/** A whole key in a label file stays one, also where its file is not there yet and nobody could tell. */
function keyOf(file: string, model: string): string {
  const prefix = dataPrefix(model);
  return /^(data|uploads)\//.test(file.slice(prefix.length)) && file.startsWith(prefix)
    ? file.slice(prefix.length)
    : file;
}
