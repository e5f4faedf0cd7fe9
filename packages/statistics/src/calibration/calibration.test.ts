import { expect, test } from "vitest";
import { readGolden } from "../golden.fixture.ts";
import { seedRandom } from "../random.ts";
import { estimateAccuracy } from "./accuracy.ts";
import { computeReliability } from "./reliability.ts";
import { type TemperatureFit, applyTemperature, fitTemperature } from "./temperature.ts";

const golden = readGolden<{
  temperature: ({ logits: number[][]; labels: number[] } & TemperatureFit)[];
  reliability: { confidences: number[]; isRight: boolean[]; ece: number };
}>("calibration");

test.each(golden.temperature)("temperature equals NumPy: $temperature", ({ logits, labels, ...known }) => {
  const found = fitTemperature(logits, labels);
  expect(found.temperature).toBeCloseTo(known.temperature, 9);
  expect(found.nllBefore).toBeCloseTo(known.nllBefore, 9);
  expect(found.nllAfter).toBeCloseTo(known.nllAfter, 9);
});

/** Labels drawn by the softmax of the logits. */
function calibratedItems(count: number) {
  const random = seedRandom(3);
  const logits = Array.from({ length: count }, () => Array.from({ length: 4 }, () => 6 * random() - 3));
  const labels = logits.map((row) => {
    let left = random();
    return applyTemperature(row, 1).findIndex((chance) => (left -= chance) < 0);
  });
  return { logits, labels };
}

test("calibrated logits have the temperature 1, three times as large ones 3", () => {
  const { logits, labels } = calibratedItems(5000);
  expect(Math.abs(fitTemperature(logits, labels).temperature - 1)).toBeLessThan(0.05);
  const larger = logits.map((row) => row.map((logit) => 3 * logit));
  const { temperature, nllBefore, nllAfter } = fitTemperature(larger, labels);
  expect(Math.abs(temperature - 3)).toBeLessThan(0.15);
  expect(nllAfter).toBeLessThan(nllBefore);
  // Log probabilities give the same.
  const logProbabilities = larger.map((row) => applyTemperature(row, 1).map(Math.log));
  expect(fitTemperature(logProbabilities, labels).temperature).toBeCloseTo(temperature, 6);
});

test.each<[string, number[][], number[], number]>([
  ["no items", [], [], 1],
  ["equal logits", [[2, 2]], [1], 1],
  [
    "items that are all right",
    [
      [2, 0],
      [0, 1],
    ],
    [0, 1],
    0.05,
  ],
  [
    "items that are all wrong",
    [
      [2, 0],
      [0, 1],
    ],
    [1, 0],
    20,
  ],
])("the temperature of %s", (_, logits, labels, temperature) => {
  expect(fitTemperature(logits, labels).temperature).toBeCloseTo(temperature, 9);
});

test("logits must be finite, and labels within the classes", () => {
  expect(() => fitTemperature([[1, NaN]], [0])).toThrow("`logits[0]` has NaN at position 1");
  expect(() => fitTemperature([[1, 2]], [2])).toThrow("`labels[0]` is 2; the item has 2 classes");
});

test("the calibration error equals NumPy", () => {
  const { confidences, isRight, ece } = golden.reliability;
  const found = computeReliability(confidences, isRight);
  expect(found.ece).toBeCloseTo(ece, 9);
  expect(found.bins.reduce((sum, { count }) => sum + count, 0)).toBe(200);
});

test("reliability of few items", () => {
  expect(computeReliability([], []).ece).toBe(0);
  expect(computeReliability([1], [true])).toMatchObject({ ece: 0, bins: { 9: { count: 1, accuracy: 1 } } });
  expect(computeReliability([0.75, 0.75], [true, false]).ece).toBeCloseTo(0.25, 9);
  expect(() => computeReliability([0.5], [])).toThrow("they have 1 and 0");
});

test("confidences of 0.9, 0.8 and 0.6 estimate an accuracy of 0.7667", () => {
  const { accuracy, standardError, count } = estimateAccuracy([0.9, 0.8, 0.6])!;
  expect(accuracy).toBeCloseTo(0.7667, 4);
  expect(standardError).toBeCloseTo(Math.sqrt(0.09 + 0.16 + 0.24) / 3, 9);
  expect(count).toBe(3);
});

test("the interval of the estimate has the accuracy of 95 of 100 windows", () => {
  const random = seedRandom(1);
  let inside = 0;
  for (let window = 0; window < 2000; window++) {
    const confidences = Array.from({ length: 100 }, () => 0.5 + random() / 2);
    const right = confidences.filter((confidence) => random() < confidence).length / 100;
    const { low, high } = estimateAccuracy(confidences)!.interval;
    inside += Number(low <= right && right <= high);
  }
  expect(Math.abs(inside / 2000 - 0.95)).toBeLessThan(0.02);
});

test("estimates of no, one and certain predictions", () => {
  expect(estimateAccuracy([])).toBeUndefined();
  expect(estimateAccuracy([0.5])).toMatchObject({ accuracy: 0.5, standardError: 0.5 });
  expect(estimateAccuracy([1, 1])).toMatchObject({ accuracy: 1, interval: { low: 1, high: 1 } });
  expect(() => estimateAccuracy([0.5, 1.2])).toThrow("`confidences` has 1.2 at position 1");
  expect(() => estimateAccuracy([NaN])).toThrow("`confidences` has NaN at position 0");
});
