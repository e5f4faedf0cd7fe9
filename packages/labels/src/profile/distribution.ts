// Collects numbers and summarizes their distribution. A million take 8 MB.
import * as z from "zod";
import { growableFloat64 } from "../growable-array.ts";

export const Distribution = z.object({
  count: z.number().int(),
  min: z.number(),
  max: z.number(),
  mean: z.number(),
  median: z.number(),
  p5: z.number(),
  p95: z.number(),
  /** Equal, round steps. A value on an edge belongs to the upper bin; the last bin includes both edges. */
  bins: z.array(z.object({ from: z.number(), to: z.number(), count: z.number().int() })),
});
export type Distribution = z.infer<typeof Distribution>;

const BINS = 20;

export function distributionCollector() {
  const values = growableFloat64();
  return {
    add: (value: number) => values.push(value),
    distribution(): Distribution | undefined {
      return values.length === 0 ? undefined : summarize(values.view().toSorted());
    },
  };
}

function summarize(sorted: Float64Array): Distribution {
  const [min, max] = [sorted[0]!, sorted.at(-1)!];
  const step = roundStep((max - min) / BINS);
  const start = Math.floor(min / step) * step;
  const number = Math.max(1, Math.ceil((max - start) / step + 1e-9));
  const bins = Array.from({ length: number }, (_, at) => ({
    from: roundDigits(start + at * step),
    to: roundDigits(start + (at + 1) * step),
    count: 0,
  }));
  for (const value of sorted)
    bins[Math.min(number - 1, Math.floor((value - start) / step + 1e-9))]!.count += 1;
  const sum = sorted.reduce((a, b) => a + b, 0);
  return {
    count: sorted.length,
    min: roundDigits(min),
    max: roundDigits(max),
    mean: roundDigits(sum / sorted.length),
    median: roundDigits(quantile(sorted, 0.5)),
    p5: roundDigits(quantile(sorted, 0.05)),
    p95: roundDigits(quantile(sorted, 0.95)),
    bins,
  };
}

export function quantile(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}

/** The smallest 1, 2 or 5 times a power of ten that is not below `least`. */
function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9))!;
}

const roundDigits = (value: number) => Number(value.toPrecision(6));
