// The A/B report: two versions of a model, compared by the predictions that they served in the same period.
import * as z from "zod";

export const figureNames = [
  "accuracy",
  "confidence",
  "aboveThreshold",
  "failureRate",
  "p50",
  "p95",
  "costPer1000",
] as const;
export type FigureName = (typeof figureNames)[number];

/** `value` with its interval of 95 %. */
const Estimated = z.object({ value: z.number(), low: z.number(), high: z.number() });
const Figure = Estimated.extend({ count: z.number() });
export type Figure = z.output<typeof Figure>;

const ComparedVersion = z.object({
  version: z.string(),
  /** Predictions that it served. */
  predictions: z.number(),
  /** Failed predictions, and predictions that the live version served after this one failed. */
  failures: z.number(),
  /** Predictions with a known true result. */
  judged: z.number(),
});
export type ComparedVersion = z.output<typeof ComparedVersion>;

export const decisions = ["shift", "keep", "wait"] as const;
const Recommendation = z.object({ decision: z.enum(decisions), explanation: z.string() });
export type Recommendation = z.output<typeof Recommendation>;

/** A figure of both versions. Times are in milliseconds, costs in US dollars, all other figures are shares. */
export const Row = z.object({
  name: z.enum(figureNames),
  current: Figure.optional(),
  candidate: Figure.optional(),
  /** Of the candidate minus the current version. */
  difference: Estimated.optional(),
});
export type Row = z.output<typeof Row>;

export const Comparison = z.object({
  model: z.string(),
  /** Of the uploads. */
  from: z.string(),
  to: z.string(),
  current: ComparedVersion.optional(),
  candidate: ComparedVersion.optional(),
  rows: z.array(Row),
  /** Files with equal content that both versions received. */
  agreement: Figure.optional(),
  /** The newest predictions of the period, at most `limit`. */
  read: z.object({ predictions: z.number(), limit: z.number(), complete: z.boolean() }),
  recommendation: Recommendation,
  notes: z.array(z.string()),
});
export type Comparison = z.output<typeof Comparison>;

const StepVersion = ComparedVersion.extend({ accuracy: Estimated.optional() });

/** The part of a report that stays with a deployment. */
export const StepReport = Recommendation.extend({
  /** In percent, before the next share. */
  share: z.number(),
  at: z.string(),
  current: StepVersion.optional(),
  candidate: StepVersion.optional(),
});
export type StepReport = z.output<typeof StepReport>;
