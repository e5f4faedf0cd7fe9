import { zOfLevel } from "../special/normal.ts";
import type { Interval } from "./interval.ts";

/** Wilson's score interval of a proportion, good for few items and shares near 0 or 1. 0 to 1 without items. */
export function computeWilsonInterval(successes: number, count: number, level = 0.95): Interval {
  if (!(successes >= 0 && successes <= count))
    throw new RangeError(`${successes} of ${count} is not a proportion.`);
  if (count === 0) return { low: 0, high: 1 };
  const z2 = zOfLevel(level) ** 2;
  const share = successes / count;
  const centre = (share + z2 / (2 * count)) / (1 + z2 / count);
  const reach =
    (Math.sqrt(z2) * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count))) / (1 + z2 / count);
  return {
    low: successes === 0 ? 0 : centre - reach,
    high: successes === count ? 1 : centre + reach,
  };
}
