// One comparison of a window with its baseline.
import type { CategoryCounts } from "../sketch/counts.ts";
import type { QuantileSketch } from "../sketch/quantiles.ts";

export type FindingGroup = "inputs" | "predictions" | "confidence" | "embedding";

/** Of numbers `p10`, `median` and `p90`; of categories their shares. */
export type Summary = Record<string, number>;

export interface Finding {
  /** "brightness", "class", "confidence", "embedding" ... */
  name: string;
  group: FindingGroup;
  test: "ks" | "chi-square" | "classifier" | "mmd";
  statistic: number;
  pValue: number;
  /** Corrected for the number of tests. */
  adjustedPValue: number;
  /** The size of the difference: KS statistic, Cramér's V, AUC, or squared MMD. */
  effect: number;
  /** The least effect that matters. */
  threshold: number;
  drifted: boolean;
  baseline?: Summary;
  current?: Summary;
}

/** Before the correction for the number of tests. */
export type Result = Omit<Finding, "adjustedPValue" | "drifted">;

const MAX_CATEGORIES = 10;

export const summarizeNumbers = (sketch: QuantileSketch): Summary => ({
  p10: sketch.quantile(0.1)!,
  median: sketch.quantile(0.5)!,
  p90: sketch.quantile(0.9)!,
});

/** The largest shares. */
export function summarizeCategories(counts: CategoryCounts): Summary {
  const largest = counts.toJSON().sort(([, left], [, right]) => right - left);
  return Object.fromEntries(
    largest.slice(0, MAX_CATEGORIES).map(([name, count]) => [name, count / counts.total]),
  );
}
