// Finds outliers by the median absolute deviation, which outliers do not affect.
import * as z from "zod";
import { quantile } from "./distribution.ts";

export const FileValue = z.object({ file: z.string(), value: z.number() });
export type FileValue = z.infer<typeof FileValue>;

/** Deviations from the median. About one in 2,000 normally distributed values exceeds it. */
const MAX_DEVIATIONS = 3.5;
/** Converts a median deviation to a standard deviation, for normally distributed values. */
const TO_STANDARD_DEVIATION = 1.4826;
const MAX_LISTED = 20;

/** The lowest and highest outliers, the farthest first. */
export function findOutliers(
  values: readonly FileValue[],
  scale: (value: number) => number = (value) => value,
) {
  const scaled = Float64Array.from(values, ({ value }) => scale(value)).toSorted();
  if (scaled.length < 8) return { low: [], high: [] };
  const median = quantile(scaled, 0.5);
  const deviation =
    quantile(scaled.map((value) => Math.abs(value - median)).toSorted(), 0.5) * TO_STANDARD_DEVIATION;
  const distance = ({ value }: FileValue) => (scale(value) - median) / (deviation || 1);
  const far = values.filter((one) => Math.abs(distance(one)) > MAX_DEVIATIONS);
  const order = (a: FileValue, b: FileValue) => Math.abs(distance(b)) - Math.abs(distance(a));
  return {
    low: far
      .filter((one) => distance(one) < 0)
      .toSorted(order)
      .slice(0, MAX_LISTED),
    high: far
      .filter((one) => distance(one) > 0)
      .toSorted(order)
      .slice(0, MAX_LISTED),
  };
}
