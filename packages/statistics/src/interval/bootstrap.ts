// The percentile bootstrap: the spread of a statistic over samples drawn with replacement.
import { requireFinite } from "../finite.ts";
import { seedRandom } from "../random.ts";
import type { Interval } from "./interval.ts";

/** Must not keep its argument, which is reused. */
export type Statistic = (sample: Float64Array) => number;

export interface ReplicateOptions {
  seed: number;
  samples?: number;
}

export interface BootstrapOptions extends ReplicateOptions {
  level?: number;
}

/** Undefined without values. */
export function bootstrapInterval(
  values: ArrayLike<number>,
  statistic: Statistic,
  { level, ...options }: BootstrapOptions,
): Interval | undefined {
  const [replicates] = drawReplicates(values, [statistic], options) ?? [];
  return replicates && intervalOf(replicates, level);
}

/** Each statistic of each sample, in the order of the samples. Undefined without values. */
export function drawReplicates(
  values: ArrayLike<number>,
  statistics: readonly Statistic[],
  { seed, samples = 1000 }: ReplicateOptions,
): Float64Array[] | undefined {
  requireFinite(values, "values");
  if (values.length === 0) return undefined;
  const random = seedRandom(seed);
  const sample = new Float64Array(values.length);
  const replicates = statistics.map(() => new Float64Array(samples));
  for (let draw = 0; draw < samples; draw++) {
    for (let at = 0; at < sample.length; at++) sample[at] = values[Math.floor(random() * values.length)]!;
    for (const [index, statistic] of statistics.entries()) replicates[index]![draw] = statistic(sample);
  }
  return replicates;
}

export function intervalOf(replicates: Float64Array, level = 0.95): Interval {
  const ascending = replicates.toSorted();
  return { low: quantileOf(ascending, (1 - level) / 2), high: quantileOf(ascending, (1 + level) / 2) };
}

/** Between the two nearest values. */
export function quantileOf(ascending: ArrayLike<number>, share: number): number {
  const at = share * (ascending.length - 1);
  const low = ascending[Math.floor(at)]!;
  return low + (ascending[Math.ceil(at)]! - low) * (at - Math.floor(at));
}
