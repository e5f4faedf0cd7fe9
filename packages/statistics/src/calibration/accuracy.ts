// Confidence-based performance estimation (CBPE): the expected accuracy of predictions without labels. It is right only as far
// as the confidences are calibrated, and it does not see a shift that leaves them unchanged.
import type { Interval } from "../interval/interval.ts";
import { zOfLevel } from "../special/normal.ts";
import { requireConfidences } from "./confidence.ts";

export interface AccuracyEstimate {
  count: number;
  accuracy: number;
  /** Of the accuracy that labels would show: each item is right with the chance of its confidence. */
  standardError: number;
  interval: Interval;
}

/** Undefined without predictions: nothing can be said. */
export function estimateAccuracy(confidences: ArrayLike<number>, level = 0.95): AccuracyEstimate | undefined {
  requireConfidences(confidences);
  const count = confidences.length;
  if (count === 0) return undefined;
  let [sum, variance] = [0, 0];
  for (let at = 0; at < count; at++) {
    sum += confidences[at]!;
    variance += confidences[at]! * (1 - confidences[at]!);
  }
  const accuracy = sum / count;
  const standardError = Math.sqrt(variance) / count;
  const reach = zOfLevel(level) * standardError;
  return {
    count,
    accuracy,
    standardError,
    interval: { low: Math.max(accuracy - reach, 0), high: Math.min(accuracy + reach, 1) },
  };
}
