// Ends the preparation of a dataset. Each end is written once, with its event.
import { db } from "../../db.ts";
import type { SluiceError } from "../../error/error.ts";
import { commit } from "../../event/record.ts";
import { log } from "../../log.ts";
import { withoutUndefined } from "../../util/without-undefined.ts";
import { type Dataset, datasetFolder, type Report } from "../dataset.ts";
import type { DatasetItem } from "../dataset.entity.ts";

/** Problems and warnings in the record. The report has all of them. */
const maxListed = 50;

export async function failDataset(
  id: string,
  { code, message, hint }: SluiceError,
  now: number,
): Promise<void> {
  const { data: record } = await db().entities.dataset.get({ id }).go();
  if (!record) return;
  const { model } = record;
  const changedAt = new Date(now).toISOString();
  const done = await commit(
    [{ type: "dataset.changed", detail: { id, model, status: "failed", reason: message, changedAt } }],
    now,
    ({ dataset }) => [
      dataset
        .update({ id })
        .set({ status: "failed", error: { code, message, hint }, finishedAt: changedAt, changedAt })
        .remove(["step"])
        .where((is, { eq }) => eq(is.status, "preparing"))
        .commit(),
    ],
  );
  if (done) log().warn("Dataset failed", { id, model, code, message });
}

/** Marks a dataset as ready, with its own files or those of an identical one. */
export async function completeDataset(
  { id, model, round }: Pick<DatasetItem, "id" | "model" | "round">,
  report: Report,
  identical: Dataset | undefined,
  now: number,
): Promise<boolean> {
  const { digest, items, objects, bytes, classes, groups, warnings, problemCount, problems } =
    withoutUndefined(report);
  const changedAt = new Date(now).toISOString();
  const count = items!.train + items!.validation + items!.test;
  const detail = { id, model, status: "ready" as const, items: count, digest, changedAt };
  const done = await commit([{ type: "dataset.changed", detail }], now, ({ dataset }) => [
    dataset
      .update({ id })
      .set({
        model,
        digest,
        status: "ready",
        folder: identical?.folder ?? datasetFolder(model, id),
        identicalTo: identical?.id,
        items,
        objects,
        bytes,
        classes,
        groups,
        warnings: warnings.slice(0, maxListed),
        problemCount,
        problems: problems.slice(0, maxListed),
        finishedAt: changedAt,
        changedAt,
      })
      .remove(["step"])
      .where((is, { eq }) => `${eq(is.status, "preparing")} AND ${eq(is.round, round)}`)
      .commit(),
  ]);
  if (done) log().info("Dataset ready", { id, model, items: count, identicalTo: identical?.id });
  return done;
}

/** Finds a ready dataset with this digest and its own files. */
export async function findIdentical(
  model: string,
  digest: string,
  except: string,
): Promise<DatasetItem | undefined> {
  const { data } = await db().entities.dataset.query.byDigest({ model, digest }).go({ pages: "all" });
  return data.find(({ id, status, identicalTo }) => id !== except && status === "ready" && !identicalTo);
}
