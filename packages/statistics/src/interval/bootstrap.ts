// The percentile bootstrap: the spread of a statistic over samples drawn with replacement.
import { requireFinite } from "../finite.ts";
import { seedRandom } from "../random.ts";
import type { Interval } from "./interval.ts";

export interface BootstrapOptions {
  seed: number;
  samples?: number;
  level?: number;
}

/** Undefined without values. `statistic` must not keep its argument, which is reused. */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: (sample: Float64Array) => number,
  { seed, samples = 1000, level = 0.95 }: BootstrapOptions,
): Interval | undefined {
  requireFinite(values, "values");
  if (values.length === 0) return undefined;
  const random = seedRandom(seed);
  const sample = new Float64Array(values.length);
  const results = Float64Array.from({ length: samples }, () => {
    for (let at = 0; at < sample.length; at++) sample[at] = values[Math.floor(random() * values.length)]!;
    return statistic(sample);
  }).sort();
  return { low: quantileOf(results, (1 - level) / 2), high: quantileOf(results, (1 + level) / 2) };
}

/** Between the two nearest values. */
function quantileOf(ascending: Float64Array, share: number): number {
  const at = share * (ascending.length - 1);
  const low = ascending[Math.floor(at)]!;
  return low + (ascending[Math.ceil(at)]! - low) * (at - Math.floor(at));
}
