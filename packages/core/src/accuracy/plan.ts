// Plans the writes of truths of one model and week: the truths, and the week's sums.
import { db, type Writers } from "../db.ts";
import type { CommitEvent } from "../event/record.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { type TruthGroup, type TruthSource, weekOf } from "./accuracy.ts";
import type { AccuracyWeekItem, TruthItem } from "./accuracy.entity.ts";
import { addTruth, emptyCounts } from "./counts.ts";
import { lowAccuracyEvent } from "./low.ts";
import { readTruths } from "./truths.ts";

export interface Truth {
  prediction: Prediction;
  /** The true class. Absent for boxes. */
  label?: string;
  correct: boolean;
  source: TruthSource;
  group: TruthGroup;
  /** ISO instant. */
  labelledAt: string;
}

export const truthOutcomes = ["added", "changed", "unchanged", "older"] as const;
export type TruthOutcome = (typeof truthOutcomes)[number];

export interface TruthPlan {
  outcomes: TruthOutcome[];
  writes: (writers: Writers) => object[];
  events: CommitEvent[];
}

/** All of one model and week, and at most one for each prediction. */
export async function planTruths(truths: Truth[], now: number): Promise<TruthPlan> {
  const { model, createdAt } = truths[0]!.prediction;
  const week = weekOf(createdAt);
  const [stored, { data: before }] = await Promise.all([
    readTruths(
      truths.map(({ prediction }) => prediction.id),
      true,
    ),
    db().entities.accuracyWeek.get({ model, week }).go({ consistent: true }),
  ]);
  let counts = before?.counts ?? emptyCounts();
  const puts: TruthItem[] = [];
  const outcomes = truths.map((truth) => {
    const old = stored.get(truth.prediction.id);
    const item = itemOf(truth, week, old);
    const outcome = compare(item, old);
    if (outcome === "unchanged" || outcome === "older") return outcome;
    if (old) counts = addTruth(counts, old, -1);
    counts = addTruth(counts, item, 1);
    puts.push(item);
    return outcome;
  });
  if (puts.length === 0) return { outcomes, writes: () => [], events: [] };
  const low = before?.low ? undefined : lowAccuracyEvent(model, week, counts, now);
  const next = {
    model,
    week,
    counts,
    version: (before?.version ?? 0) + 1,
    low: before?.low ?? (low && true),
  };
  return {
    outcomes,
    writes: (writers) => [putWeek(writers, next), ...puts.map((item) => writers.truth.put(item).commit())],
    events: low ? [low] : [],
  };
}

const putWeek = ({ accuracyWeek }: Writers, next: AccuracyWeekItem) =>
  accuracyWeek
    .put(next)
    .where((is, { eq, notExists }) =>
      next.version === 1 ? notExists(is.version) : eq(is.version, next.version - 1),
    )
    .commit();

/** An item that was random once stays in the random group: how it was chosen does not change. */
function itemOf({ prediction, group, ...truth }: Truth, week: string, old: TruthItem | undefined): TruthItem {
  const { id, model, modelVersion } = prediction;
  return {
    ...truth,
    prediction: id,
    model,
    modelVersion,
    week,
    group: old?.group === "random" ? "random" : group,
  };
}

function compare(item: TruthItem, old: TruthItem | undefined): TruthOutcome {
  if (!old) return "added";
  if (old.labelledAt > item.labelledAt) return "older";
  const equal = old.label === item.label && old.correct === item.correct && old.group === item.group;
  return equal ? "unchanged" : "changed";
}
