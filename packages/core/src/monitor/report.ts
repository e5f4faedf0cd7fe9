// The result of a comparison: what changed since the baseline, and what it probably costs.
import * as z from "zod";

export const reportStatuses = ["ok", "drift", "insufficient"] as const;
export const ReportStatus = z.enum(reportStatuses);

export const reportTriggers = ["schedule", "manual"] as const;
export const ReportTrigger = z.enum(reportTriggers);
export type ReportTrigger = z.output<typeof ReportTrigger>;

/** `median`, or the share of each category. */
const Summary = z.record(z.string(), z.number());

export const Finding = z.object({
  /** "brightness", "class", "confidence", "embedding" ... */
  name: z.string(),
  group: z.enum(["inputs", "predictions", "confidence", "embedding"]),
  test: z.enum(["ks", "chi-square", "classifier", "mmd"]),
  statistic: z.number(),
  pValue: z.number(),
  /** Corrected for the number of tests. */
  adjustedPValue: z.number(),
  effect: z.number(),
  threshold: z.number(),
  drifted: z.boolean(),
  baseline: Summary.optional(),
  current: Summary.optional(),
});
export type Finding = z.output<typeof Finding>;

export const Harm = z.object({
  metric: z.enum(["accuracy", "precision"]),
  /** Measured on the held-out items. */
  baseline: z.number().optional(),
  estimated: z.number(),
  low: z.number(),
  high: z.number(),
});
export type Harm = z.output<typeof Harm>;

export const DriftReport = z.object({
  id: z.string(),
  model: z.string(),
  modelVersion: z.string(),
  endpoint: z.string(),
  trigger: ReportTrigger,
  /** The window: from the first instant until before the last. */
  from: z.string(),
  to: z.string(),
  /** Predictions of the version in the window. */
  count: z.number(),
  /** Lines that are no captures, and repeated captures of a prediction. */
  malformed: z.number(),
  duplicates: z.number(),
  /** Predictions of other versions in the window, which are not compared. */
  otherVersions: z.record(z.string(), z.number()),
  status: ReportStatus,
  reason: z.string(),
  findings: z.array(Finding),
  harm: Harm.optional(),
  /** Why the harm is unknown, or doubtful. */
  harmUnknown: z.string().optional(),
  /** Folder in the results bucket. */
  key: z.string(),
  /** Ids of typical items of the baseline, and of the most shifted items of the window. */
  examples: z.object({ baseline: z.array(z.string()), window: z.array(z.string()) }).optional(),
  createdAt: z.string(),
});
export type DriftReport = z.output<typeof DriftReport>;
