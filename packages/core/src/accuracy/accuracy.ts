// The real accuracy of predictions by week, from ground truth and reviews: what is stored and what the API returns.
import * as z from "zod";

/** Also the source of labels from ground truth. */
export const groundTruthSource = "ground truth";
export const truthSources = ["review", groundTruthSource] as const;
export type TruthSource = (typeof truthSources)[number];

/**
 * `random`: sampled at random, or from ground truth. It is unbiased. `low-confidence`: reviewed because it was below the
 * threshold. `requested`: a person chose it; it counts nowhere.
 */
export const truthGroups = ["random", "low-confidence", "requested"] as const;
export type TruthGroup = (typeof truthGroups)[number];

/** [items, correct ones] */
export type GroupCount = [count: number, correct: number];

/** The sums of a model's week. */
export interface WeekCounts {
  random: GroupCount;
  lowConfidence: GroupCount;
  /** Of the random items, by source, by true class and by version. */
  sources: Partial<Record<TruthSource, number>>;
  classes: Record<string, GroupCount>;
  versions: Record<string, GroupCount>;
}

const Share = z.number().min(0).max(1);

export const Accuracy = z.object({
  count: z.number().int(),
  correct: z.number().int(),
  value: Share,
  /** Wilson's interval of 95 %. */
  low: Share,
  high: Share,
});
export type Accuracy = z.output<typeof Accuracy>;

export const AccuracyWeek = z.object({
  /** From Monday to Monday, UTC. */
  from: z.string(),
  to: z.string(),
  /** Of random items only. Absent without any. */
  accuracy: Accuracy.optional(),
  /** Of reviews below the threshold, which are wrong more often. */
  lowConfidence: Accuracy.optional(),
  /** By true class. */
  classes: z.array(Accuracy.extend({ class: z.string() })),
  versions: z.array(Accuracy.extend({ version: z.string() })),
  sources: z.object({ reviews: z.number().int(), groundTruth: z.number().int() }),
});
export type AccuracyWeek = z.output<typeof AccuracyWeek>;

export const ModelAccuracy = z.object({
  model: z.string(),
  /** The declared bound: `retrain.accuracy`. */
  bound: Share.optional(),
  /** Weeks with items, newest first. */
  weeks: z.array(AccuracyWeek),
});
export type ModelAccuracy = z.output<typeof ModelAccuracy>;

const DAY_MS = 86_400_000;
/** 1970-01-05 was the first Monday. */
const MONDAY_MS = 4 * DAY_MS;

/** The Monday of an instant's week: `2026-11-23`. */
export function weekOf(instant: string): string {
  const days = Math.floor((Date.parse(instant) - MONDAY_MS) / DAY_MS);
  return new Date(Math.floor(days / 7) * 7 * DAY_MS + MONDAY_MS).toISOString().slice(0, 10);
}

export function weekRange(week: string): { from: string; to: string } {
  const from = Date.parse(week);
  return { from: new Date(from).toISOString(), to: new Date(from + 7 * DAY_MS).toISOString() };
}
