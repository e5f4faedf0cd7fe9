// Imports a label file: writes its labels to the table and its problems to the import record.
import { createHash } from "node:crypto";
import { buckets } from "../aws/link.ts";
import { isProblem } from "@sluice/labels/format/problem.ts";
import { db } from "../db.ts";
import { toSluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { log } from "../log.ts";
import { listModels } from "../model/model.ts";
import { isFolderMarker, parseArrival } from "../upload/arrival.ts";
import { MAX_RECEIVES } from "@sluice/models/limits.ts";
import type { ImportItem } from "./import.entity.ts";
import { problemList, shorten } from "./import-problems.ts";
import { type ImportCounts, zeroCounts } from "./plan.ts";
import { readLabelFile } from "./read-label-file.ts";
import { labelWriter } from "./writer.ts";

interface Receipt {
  /** Receive count of the message. */
  receives: number;
  now: number;
}

/** Imports each version of a label file once, however often its event is delivered. */
export async function importLabels(message: string, { receives, now }: Receipt): Promise<void> {
  const arrival = parseArrival(message);
  const { bucket, key, versionId, etag } = arrival.source;
  const modelName = /^labels\/([^/]+)\/./.exec(key)?.[1];
  if (isFolderMarker(arrival) || modelName === undefined || bucket !== buckets.uploads()) return;
  const model = listModels().find(({ name }) => name === modelName);
  if (!model) return log().warn("Ignored a label file: its model is not declared", { key });
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
    const writer = labelWriter({
      model: model.name,
      source: key,
      now,
      importId: id,
      redelivered: receives > 1,
    });
    for await (const row of readLabelFile(model, arrival))
      if (isProblem(row)) problems.add(row);
      else await writer.add(row);
    const counts = await writer.end();
    const done: ImportItem = { ...record, status: "done", ...storedCounts(counts), ...problems.result() };
    await finish(done, counts, now);
    log().info("Labels imported", { id, key, ...counts, problems: done.problemCount });
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
    await finish(failed, zeroCounts(), now);
    if (redrivable) throw thrown;
    log().warn("Label import failed", { id, key, code, message: reason });
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

async function finish(
  record: ImportItem,
  { added, changed, removed }: ImportCounts,
  now: number,
): Promise<void> {
  const { id, model, source } = record;
  const changedAt = new Date(now).toISOString();
  const detail = { id, model, added, changed, removed, source, changedAt };
  const hasChanges = added + changed + removed > 0;
  await commit(hasChanges ? [{ type: "labels.changed", detail }] : [], now, (writers) => [
    writers.import
      .put({ ...record, finishedAt: changedAt, changedAt })
      .where((is, { eq }) => eq(is.status, "running"))
      .commit(),
  ]);
}
