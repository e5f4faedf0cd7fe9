// Which values stand out of the rest: by the median and its deviation, which the outliers themselves cannot move.
import * as z from "zod";
import { quantile } from "./measure.ts";

export const Named = z.object({ file: z.string(), value: z.number() });
export type Named = z.infer<typeof Named>;

/** Deviations from the median; of normal values one in two thousand is so far out. */
const FAR = 3.5;
/** Makes the median deviation of normal values their standard deviation. */
const NORMAL = 1.4826;
const SHOWN = 20;

/** The farthest below and above, the farthest first. */
export function outliers(values: readonly Named[], scale: (value: number) => number = (value) => value) {
  const scaled = Float64Array.from(values, ({ value }) => scale(value)).toSorted();
  if (scaled.length < 8) return { low: [], high: [] };
  const median = quantile(scaled, 0.5);
  const deviation = quantile(scaled.map((value) => Math.abs(value - median)).toSorted(), 0.5) * NORMAL;
  const distance = ({ value }: Named) => (scale(value) - median) / (deviation || 1);
  const far = values.filter((one) => Math.abs(distance(one)) > FAR);
  const order = (a: Named, b: Named) => Math.abs(distance(b)) - Math.abs(distance(a));
  return {
    low: far
      .filter((one) => distance(one) < 0)
      .toSorted(order)
      .slice(0, SHOWN),
    high: far
      .filter((one) => distance(one) > 0)
      .toSorted(order)
      .slice(0, SHOWN),
  };
}
