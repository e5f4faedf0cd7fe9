// The two-sample Kolmogorov-Smirnov test: do two samples of numbers come from one distribution?
import { requireFinite } from "../finite.ts";
import type { QuantileSketch } from "../sketch/quantiles.ts";
import { exactUpper } from "./exact.ts";
import { kolmogorovUpper } from "./kolmogorov.ts";

export interface KsResult {
  /** The largest distance of the two cumulative distributions, 0 to 1: also the effect size. */
  statistic: number;
  pValue: number;
}

/** Up to this size of the larger sample the p-value is exact for values without ties. */
const MAX_EXACT = 10_000;
const LARGE_PRODUCT = 1e6;
const NEGLIGIBLE = 1e-15;

/** An empty sample gives no evidence: statistic 0, p-value 1. */
export function testKs(first: ArrayLike<number>, second: ArrayLike<number>): KsResult {
  requireFinite(first, "first");
  requireFinite(second, "second");
  return ksResult(largestDistance(sorted(first), sorted(second)), first.length, second.length);
}

/**
 * Values in one bucket count as equal. The statistic is at most the one of the values, and lower by at most the share of the
 * fullest bucket, so a sketch never raises an alarm that the values would not.
 */
export function testKsOfSketches(first: QuantileSketch, second: QuantileSketch): KsResult {
  const counts = new Map<number, [number, number]>();
  for (const { value, count } of first.buckets()) counts.set(value, [count, 0]);
  for (const { value, count } of second.buckets()) counts.set(value, [counts.get(value)?.[0] ?? 0, count]);
  let statistic = 0;
  let [below, other] = [0, 0];
  for (const [, [one, two]] of [...counts].toSorted(([left], [right]) => left - right)) {
    below += one;
    other += two;
    statistic = Math.max(statistic, Math.abs(below / (first.count || 1) - other / (second.count || 1)));
  }
  return ksResult(statistic, first.count, second.count);
}

function ksResult(statistic: number, first: number, second: number): KsResult {
  if (first === 0 || second === 0) return { statistic: 0, pValue: 1 };
  return { statistic, pValue: ksPValue(statistic, first, second) };
}

/** P(D >= statistic) for samples of these sizes. */
export function ksPValue(statistic: number, first: number, second: number): number {
  const approximate = () => kolmogorovUpper(Math.round((first * second) / (first + second)), statistic);
  // Paths of large samples that are far apart take a second to count.
  if (first * second > LARGE_PRODUCT && approximate() < NEGLIGIBLE) return approximate();
  if (Math.max(first, second) <= MAX_EXACT) {
    const exact = exactUpper(statistic, first, second);
    // Rounding errors can leave the range; the approximation is good then.
    if (exact >= 0 && exact <= 1) return exact;
  }
  return approximate();
}

const sorted = (values: ArrayLike<number>) => Float64Array.from(values).sort();

function largestDistance(first: Float64Array, second: Float64Array): number {
  let distance = 0;
  let [left, right] = [0, 0];
  while (left < first.length && right < second.length) {
    const value = Math.min(first[left]!, second[right]!);
    while (left < first.length && first[left] === value) left++;
    while (right < second.length && second[right] === value) right++;
    distance = Math.max(distance, Math.abs(left / first.length - right / second.length));
  }
  return distance;
}
