// Sums of calibrated confidences: the accuracy that they let expect, without labels (CBPE).
import type { Interval } from "../interval/interval.ts";
import { applyTemperature } from "../calibration/temperature.ts";
import { zOfLevel } from "../special/normal.ts";
import type { MonitoredItem } from "./item.ts";

export interface ExpectedData {
  count: number;
  sum: number;
  variance: number;
}

export interface ExpectedAccuracy extends Interval {
  count: number;
  value: number;
}

export const NOTHING_EXPECTED: ExpectedData = { count: 0, sum: 0, variance: 0 };
const LEAST_PROBABILITY = 1e-12;

/** The chance that each prediction of the item is right: one for a classifier, one for each box of a detector. */
export function expectedOf(item: MonitoredItem, temperature: number): readonly number[] {
  if (item.boxes) return item.boxes.map(({ confidence }) => confidence);
  if (item.probabilities?.length) {
    const logits = item.probabilities.map((share) => Math.log(Math.max(share, LEAST_PROBABILITY)));
    return [applyTemperature(logits, temperature).reduce((most, share) => Math.max(most, share), 0)];
  }
  return item.confidence === undefined ? [] : [item.confidence];
}

export function addExpected(data: ExpectedData, chances: readonly number[]): ExpectedData {
  return chances.reduce(
    ({ count, sum, variance }, chance) => ({
      count: count + 1,
      sum: sum + chance,
      variance: variance + chance * (1 - chance),
    }),
    data,
  );
}

export const mergeExpected = (first: ExpectedData, second: ExpectedData): ExpectedData => ({
  count: first.count + second.count,
  sum: first.sum + second.sum,
  variance: first.variance + second.variance,
});

/** Undefined without predictions. The interval is the sampling error only: each prediction is right with its chance. */
export function estimateExpected(
  { count, sum, variance }: ExpectedData,
  level = 0.95,
): ExpectedAccuracy | undefined {
  if (count === 0) return undefined;
  const value = sum / count;
  const reach = (zOfLevel(level) * Math.sqrt(variance)) / count;
  return { count, value, low: Math.max(value - reach, 0), high: Math.min(value + reach, 1) };
}
