// Ground truth becomes labels, unless the declaration says not: a retraining uses it like a review.
import { byName } from "@sluice/models/index.ts";
import { SluiceError } from "../error/error.ts";
import type { DomainEvent } from "../events.ts";
import type { LabelInput } from "../label/label.ts";
import { labelOf } from "../label/of-prediction.ts";
import { addCounts, type ImportCounts, zeroCounts } from "../label/plan.ts";
import { shardOf } from "../label/shard.ts";
import { writeLabels } from "../label/write.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { orderedId } from "../util/ordered-id.ts";
import { groundTruthSource } from "./accuracy.ts";
import type { Truth } from "./plan.ts";

/** A transaction holds 100 items: one is for the counts, one for an event. */
const MAX_BATCH = 98;
const CONCURRENCY = 16;
/** An event with more keys would exceed its schema. */
const MAX_KEYS = 20;

/** The labels of one file, whose import emits their events. */
export interface LabelsOfFile {
  importId: string;
  redelivered: boolean;
  /** By model: a row may name another model than its folder. */
  models: Map<string, LabelsOfModel>;
}

interface LabelsOfModel {
  counts: ImportCounts;
  /** The first ones. */
  keys: Set<string>;
}

/** A label that is newer stays. Without its object, a truth counts for the accuracy only. */
export async function labelTruths(truths: readonly Truth[], now: number, file?: LabelsOfFile): Promise<void> {
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
      await writeBatch({ model, shard, now, file }, rest.slice(0, MAX_BATCH));
  });
}

async function labelOfTruth({ prediction, label, labelledAt }: Truth): Promise<LabelInput | undefined> {
  return labelOf(prediction, { label, source: groundTruthSource, labelledAt }).catch((thrown: unknown) => {
    if (thrown instanceof SluiceError && thrown.kind === "user") return undefined;
    throw thrown;
  });
}

interface Batch {
  model: string;
  shard: string;
  now: number;
  file?: LabelsOfFile;
}

async function writeBatch({ model, shard, now, file }: Batch, labels: LabelInput[]): Promise<void> {
  const changes = labels.map((label) => ({ type: "set" as const, key: label.key, label }));
  const keys = new Set(labels.map(({ key }) => key));
  const source = groundTruthSource;
  if (file) {
    const { importId, redelivered, models } = file;
    const { outcome } = await writeLabels({ model, source, now, importId, redelivered }, shard, changes);
    const { counts, keys: before } = models.get(model) ?? { counts: zeroCounts(), keys: new Set() };
    for (const key of keys) if (before.size <= MAX_KEYS) before.add(key);
    models.set(model, { counts: addCounts(counts, outcome), keys: before });
    return;
  }
  const about = { id: orderedId("imp", now), model, source };
  await writeLabels({ model, source, now }, shard, changes, {
    events: (counts) => changedEvents(about, { counts, keys }, now),
  });
}

interface About {
  id: string;
  model: string;
  source: string;
}

function changedEvents(
  about: About,
  { counts: { added, changed, removed }, keys }: LabelsOfModel,
  now: number,
): DomainEvent<"labels.changed">[] {
  if (added + changed === 0) return [];
  const few = keys.size <= MAX_KEYS ? [...keys] : undefined;
  const changedAt = new Date(now).toISOString();
  return [{ type: "labels.changed", detail: { ...about, added, changed, removed, keys: few, changedAt } }];
}

/** One event for each model of the file. */
export const eventsOfFile = ({ importId: id, models }: LabelsOfFile, source: string, now: number) =>
  [...models].flatMap(([model, labels]) => changedEvents({ id, model, source }, labels, now));
