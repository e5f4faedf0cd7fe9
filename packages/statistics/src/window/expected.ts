// Sums of calibrated confidences: the accuracy that they let expect, without labels (CBPE).
import { applyTemperature, logitsOf } from "../calibration/temperature.ts";
import type { MonitoredItem } from "./item.ts";

export interface ExpectedData {
  /** Of a detector boxes, else items. */
  of: "items" | "boxes";
  count: number;
  sum: number;
  variance: number;
}

export const NOTHING_EXPECTED: ExpectedData = { of: "items", count: 0, sum: 0, variance: 0 };

export function addExpected(data: ExpectedData, item: MonitoredItem, temperature: number): ExpectedData {
  const chances = chancesOf(item, temperature);
  let { sum, variance } = data;
  for (const chance of chances) {
    sum += chance;
    variance += chance * (1 - chance);
  }
  return { of: item.boxes ? "boxes" : data.of, count: data.count + chances.length, sum, variance };
}

export const mergeExpected = (first: ExpectedData, second: ExpectedData): ExpectedData => ({
  of: first.of === "boxes" ? "boxes" : second.of,
  count: first.count + second.count,
  sum: first.sum + second.sum,
  variance: first.variance + second.variance,
});

/** The chance that each prediction of the item is right: one for a classifier, one for each box of a detector. */
function chancesOf(item: MonitoredItem, temperature: number): readonly number[] {
  if (item.boxes) return item.boxes.map(({ confidence }) => confidence);
  if (item.probabilities?.length) {
    return [
      applyTemperature(logitsOf(item.probabilities), temperature).reduce(
        (most, share) => Math.max(most, share),
        0,
      ),
    ];
  }
  return item.confidence === undefined ? [] : [item.confidence];
}

/** Undefined without predictions. The error is of sampling only: each prediction is right with its chance. */
export function expectedMean({
  count,
  sum,
  variance,
}: ExpectedData): { value: number; standardError: number } | undefined {
  return count === 0 ? undefined : { value: sum / count, standardError: Math.sqrt(variance) / count };
}
