import { expect, test } from "vitest";
import { classificationCounts } from "./classification.ts";

function counted(answers: [truth: string, answer: string, confidence: number][]) {
  const counts = classificationCounts(["cat", "dog", "owl"]);
  for (const answer of answers) counts.add(...answer);
  return counts.finish();
}

test("precision, recall, F1 and confusion match values calculated by hand", () => {
  const metrics = counted([
    ["cat", "cat", 0.9],
    ["cat", "cat", 0.8],
    ["cat", "dog", 0.6],
    ["dog", "dog", 0.7],
    ["dog", "cat", 0.5],
  ]);
  expect(metrics.accuracy).toBeCloseTo(0.6, 12);
  expect(metrics.confusion).toEqual({
    classes: ["cat", "dog", "owl"],
    rows: [
      [2, 1, 0],
      [1, 1, 0],
      [0, 0, 0],
    ],
  });
  expect(metrics.perClass).toEqual([
    { class: "cat", precision: 2 / 3, recall: 2 / 3, f1: 2 / 3, support: 3 },
    { class: "dog", precision: 0.5, recall: 0.5, f1: 0.5, support: 2 },
    { class: "owl", precision: 0, recall: 0, f1: 0, support: 0 },
  ]);
  // Only classes that occur are averaged.
  expect(metrics.macroF1).toBeCloseTo((2 / 3 + 0.5) / 2, 12);
});

test("a calibrated model has no calibration error, an overconfident one has 1", () => {
  const honest = counted([
    ...Array.from({ length: 4 }, (): [string, string, number] => ["cat", "cat", 0.8]),
    ["cat", "dog", 0.8],
  ]);
  expect(honest.calibration.ece).toBeCloseTo(0, 12);
  expect(honest.calibration.bins[8]).toMatchObject({ from: 0.8, to: 0.9, count: 5, accuracy: 0.8 });
  const boasting = counted([["cat", "dog", 1]]);
  expect(boasting.calibration.ece).toBe(1);
  expect(boasting.calibration.bins[9]).toMatchObject({ count: 1, confidence: 1, accuracy: 0 });
});

test("a higher threshold lowers coverage and raises accuracy", () => {
  const { thresholds } = counted([
    ["cat", "cat", 0.95],
    ["cat", "cat", 0.6],
    ["cat", "dog", 0.29],
    ["dog", "dog", 0.5],
  ]);
  const at = (threshold: number) => thresholds.find((point) => point.threshold === threshold);
  expect(at(0)).toEqual({ threshold: 0, coverage: 1, accuracy: 0.75 });
  expect(at(0.29)).toEqual({ threshold: 0.29, coverage: 1, accuracy: 0.75 });
  expect(at(0.3)).toEqual({ threshold: 0.3, coverage: 0.75, accuracy: 1 });
  expect(at(0.61)).toEqual({ threshold: 0.61, coverage: 0.25, accuracy: 1 });
  expect(at(1)).toEqual({ threshold: 1, coverage: 0, accuracy: 1 });
});

test("without items all metrics are zero, never NaN", () => {
  const { accuracy, macroF1, calibration } = counted([]);
  expect([accuracy, macroF1, calibration.ece]).toEqual([0, 0, 0]);
});
