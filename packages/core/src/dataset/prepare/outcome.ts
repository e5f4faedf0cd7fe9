// How a dataset ends, each end written once and told.
import { db } from "../../db.ts";
import type { SluiceError } from "../../error/error.ts";
import { commit } from "../../event/record.ts";
import { log } from "../../log.ts";
import { withoutUndefined } from "../../util/without-undefined.ts";
import { type Dataset, datasetFolder, type Report } from "../dataset.ts";
import type { DatasetItem } from "../dataset.entity.ts";

/** Problems and warnings the record itself names, for an item has its bounds; the report has them all. */
const named = 50;

export async function fail(id: string, { code, message, hint }: SluiceError, now: number): Promise<void> {
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
  if (done) log().warn("A dataset failed", { id, model, code, message });
}

/** Ready with files of its own, or with those of an older one that is the same. */
export async function ready(
  { id, model, round }: Pick<DatasetItem, "id" | "model" | "round">,
  report: Report,
  older: Dataset | undefined,
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
        folder: older?.folder ?? datasetFolder(model, id),
        identicalTo: older?.id,
        items,
        objects,
        bytes,
        classes,
        groups,
        warnings: warnings.slice(0, named),
        problemCount,
        problems: problems.slice(0, named),
        finishedAt: changedAt,
        changedAt,
      })
      .remove(["step"])
      .where((is, { eq }) => `${eq(is.status, "preparing")} AND ${eq(is.round, round)}`)
      .commit(),
  ]);
  if (done) log().info("A dataset is ready", { id, model, items: count, identicalTo: older?.id });
  return done;
}

/** The first ready one with this digest and files of its own. */
export async function identical(
  model: string,
  digest: string,
  but: string,
): Promise<DatasetItem | undefined> {
  const { data } = await db().entities.dataset.query.byDigest({ model, digest }).go({ pages: "all" });
  return data.find(({ id, status, identicalTo }) => id !== but && status === "ready" && !identicalTo);
}
