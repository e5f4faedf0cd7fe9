// Reliability: of the predictions with confidence 0.8, eight in ten should be right.
import { requireConfidences } from "./confidence.ts";
import { requireSameLength } from "../finite.ts";

export interface ReliabilityBin {
  from: number;
  to: number;
  count: number;
  /** Means; 0 in an empty bin. */
  confidence: number;
  accuracy: number;
}

export interface Reliability {
  /** The expected calibration error: the mean gap of confidence and accuracy over all items. */
  ece: number;
  bins: ReliabilityBin[];
}

/** Bins of equal width; a confidence on a bound is in the upper bin, and 1 in the last. */
export function computeReliability(
  confidences: ArrayLike<number>,
  isRight: ArrayLike<boolean>,
  count = 10,
): Reliability {
  requireConfidences(confidences);
  requireSameLength(confidences, isRight, "`confidences` and `isRight`");
  const sums = Array.from({ length: count }, () => ({ count: 0, confidence: 0, right: 0 }));
  for (let at = 0; at < confidences.length; at++) {
    const bin = sums[Math.min(Math.floor(confidences[at]! * count), count - 1)]!;
    bin.count++;
    bin.confidence += confidences[at]!;
    bin.right += Number(isRight[at]);
  }
  const gaps = sums.reduce((total, bin) => total + Math.abs(bin.confidence - bin.right), 0);
  const bins = sums.map((bin, at) => ({
    from: at / count,
    to: (at + 1) / count,
    count: bin.count,
    confidence: bin.confidence / (bin.count || 1),
    accuracy: bin.right / (bin.count || 1),
  }));
  return { ece: gaps / (confidences.length || 1), bins };
}
