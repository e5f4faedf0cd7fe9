// Intervals of the difference between two independent groups.
import { intervalOf } from "./bootstrap.ts";
import type { Interval } from "./interval.ts";
import { computeWilsonInterval } from "./wilson.ts";

export interface Proportion {
  successes: number;
  count: number;
}

/** Of `right` minus `left`: Newcombe's hybrid score interval (1998, method 10). -1 to 1 without items. */
export function computeProportionDifference(left: Proportion, right: Proportion, level = 0.95): Interval {
  if (left.count === 0 || right.count === 0) return { low: -1, high: 1 };
  const [a, b] = [left.successes / left.count, right.successes / right.count];
  const ofLeft = computeWilsonInterval(left.successes, left.count, level);
  const ofRight = computeWilsonInterval(right.successes, right.count, level);
  return {
    low: b - a - Math.hypot(b - ofRight.low, ofLeft.high - a),
    high: b - a + Math.hypot(ofRight.high - b, a - ofLeft.low),
  };
}

/** Of `right` minus `left`, from the replicates of the same statistic of each, drawn with different seeds. */
export function computeReplicateDifference(
  left: Float64Array,
  right: Float64Array,
  level?: number,
): Interval {
  if (left.length !== right.length)
    throw new RangeError(`${left.length} and ${right.length} replicates cannot be paired.`);
  return intervalOf(
    right.map((value, at) => value - left[at]!),
    level,
  );
}
