// The area under the ROC curve: the chance that an item of `second` has a higher score than one of `first`, ties half.
import { requireFinite } from "../finite.ts";

export interface AucResult {
  auc: number;
  /** The standard deviation of the AUC if both sets have the same distribution of scores: Mann and Whitney's, corrected for ties. */
  nullDeviation: number;
}

/** An empty set gives 0.5. */
export function computeAuc(first: ArrayLike<number>, second: ArrayLike<number>): AucResult {
  requireFinite(first, "first");
  requireFinite(second, "second");
  const [negatives, positives] = [first.length, second.length];
  if (negatives === 0 || positives === 0) return { auc: 0.5, nullDeviation: 0 };
  const ascending = Float64Array.from(first).sort();
  const other = Float64Array.from(second).sort();
  /** Pairs that `second` wins, ties half. */
  let wins = 0;
  /** Sum of t³ - t over groups of t equal scores. */
  let ties = 0;
  for (let left = 0, right = 0; left < negatives || right < positives;) {
    const score = Math.min(ascending[left] ?? Infinity, other[right] ?? Infinity);
    const [leftStart, rightStart] = [left, right];
    while (left < negatives && ascending[left] === score) left++;
    while (right < positives && other[right] === score) right++;
    const equal = right - rightStart;
    wins += equal * (leftStart + (left - leftStart) / 2);
    const group = left - leftStart + equal;
    ties += group ** 3 - group;
  }
  const all = negatives + positives;
  const variance = (all + 1 - ties / (all * (all - 1))) / (12 * negatives * positives);
  return { auc: wins / (negatives * positives), nullDeviation: Math.sqrt(Math.max(variance, 0)) };
}
