// Ground truth becomes labels, unless the declaration says not: a retraining uses it like a review.
import { byName } from "@sluice/models/index.ts";
import { SluiceError } from "../error/error.ts";
import type { LabelInput } from "../label/label.ts";
import { labelOf } from "../label/of-prediction.ts";
import { shardOf } from "../label/shard.ts";
import { writeLabels } from "../label/write.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { orderedId } from "../util/ordered-id.ts";
import { groundTruthSource } from "./accuracy.ts";
import type { Truth } from "./plan.ts";

/** A transaction holds 100 items: one is for the counts, one for an event. */
const MAX_BATCH = 98;
const CONCURRENCY = 16;

/** A label that is newer stays. Without its object, a truth counts for the accuracy only. */
export async function labelTruths(truths: readonly Truth[], now: number): Promise<void> {
  const wanted = truths.filter(
    ({ prediction }) => byName(prediction.model)?.monitoring?.groundTruthLabels !== false,
  );
  const labels = await mapConcurrently(CONCURRENCY, wanted, async (truth) => ({
    model: truth.prediction.model,
    label: await labelOfTruth(truth),
  }));
  const batches = Map.groupBy(
    labels.flatMap(({ model, label }) => (label ? [{ model, label, shard: shardOf(label.key) }] : [])),
    ({ model, shard }) => `${model} ${shard}`,
  );
  await mapConcurrently(CONCURRENCY, [...batches.values()], async (batch) => {
    const { model, shard } = batch[0]!;
    const latest = new Map(batch.map(({ label }) => [label.key, label]));
    for (let rest = [...latest.values()]; rest.length > 0; rest = rest.slice(MAX_BATCH))
      await writeBatch(model, shard, rest.slice(0, MAX_BATCH), now);
  });
}

async function labelOfTruth({ prediction, label, labelledAt }: Truth): Promise<LabelInput | undefined> {
  return labelOf(prediction, { label, source: groundTruthSource, labelledAt }).catch((thrown: unknown) => {
    if (thrown instanceof SluiceError && thrown.kind === "user") return undefined;
    throw thrown;
  });
}

async function writeBatch(model: string, shard: string, labels: LabelInput[], now: number) {
  const changedAt = new Date(now).toISOString();
  const about = { id: orderedId("imp", now), model, source: groundTruthSource, changedAt };
  const changes = labels.map((label) => ({ type: "set" as const, key: label.key, label }));
  await writeLabels({ model, source: groundTruthSource, now }, shard, changes, {
    events: ({ added, changed, removed }) =>
      added + changed === 0
        ? []
        : [{ type: "labels.changed", detail: { ...about, added, changed, removed } }],
  });
}
