import { expect, test } from "vitest";
import { readGolden } from "../golden.fixture.ts";
import { seedRandom } from "../random.ts";
import { type TemperatureFit, applyTemperature, fitTemperature } from "./temperature.ts";

const golden = readGolden<{
  temperature: ({ logits: number[][]; labels: number[] } & TemperatureFit)[];
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
