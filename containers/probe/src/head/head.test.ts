import { expect, test } from "vitest";
import { random } from "@sluice/samples/toolkit/random.ts";
import { fit } from "./fit.ts";
import { type Matrix, foldScale, measureScale, predict, standardiseInPlace } from "./head.ts";
import { report } from "./metrics.ts";

/** Two clouds of points on different scales. */
function clouds(seed: number, rows: number): Matrix {
  const chance = random("clouds", seed);
  const labels = Array.from({ length: rows }, (_, row) => row % 2);
  const values = Float32Array.from(
    labels.flatMap((label) => [
      1000 + label * 40 + chance.between(-25, 25),
      chance.between(-0.01, 0.01) - label * 0.01,
      chance.next(),
    ]),
  );
  return { columns: 3, values, labels };
}

const options = {
  classes: ["low", "high"],
  seed: 1,
  epochs: 60,
  learningRate: 0.01,
  batchSize: 16,
  dropoutRate: 0,
  weightDecay: 0,
  classWeights: Float32Array.of(1, 1),
  patience: 60,
  minDelta: 0.001,
  afterEpoch: () => Promise.resolve(true),
};

test("a head with a folded scale predicts from raw features as the head does from standardized ones", async () => {
  const [train, held, raw] = [clouds(1, 200), clouds(2, 100), clouds(2, 100)];
  const scale = measureScale(train);
  standardiseInPlace(train, scale);
  standardiseInPlace(held, scale);
  const { best } = await fit(train, held, options);
  expect(best.report.validationAccuracy).toBeGreaterThan(0.85);
  const scaled = predict(best.head, held);
  for (const [row, probabilities] of predict(foldScale(best.head, scale), raw).entries())
    expect(probabilities[0]).toBeCloseTo(scaled[row]![0]!, 3);
});

test("training ends after `patience` epochs without progress or on a stop, and keeps the best head", async () => {
  const [train, held] = [clouds(1, 60), clouds(2, 40)];
  const scale = measureScale(train);
  standardiseInPlace(train, scale);
  standardiseInPlace(held, scale);
  const early = await fit(train, held, { ...options, epochs: 500, patience: 4 });
  expect(early.stoppedBy).toBe("patience");
  expect(early.history.length).toBeLessThan(500);
  const asked = await fit(train, held, { ...options, afterEpoch: ({ epoch }) => Promise.resolve(epoch < 3) });
  expect(asked.stoppedBy).toBe("signal");
  expect(asked.history).toHaveLength(3);
});

test("metrics count correct predictions by class", () => {
  const sure = (kind: number) => Float64Array.from([0, 1, 2], (at) => (at === kind ? 0.8 : 0.1));
  const { accuracy, perClass, confusion } = report(
    [0, 0, 1, 2, 2].map(sure),
    [0, 1, 1, 2, 0],
    ["a", "b", "c"],
  );
  expect(accuracy).toBeCloseTo(0.6);
  expect(confusion).toEqual([
    [1, 0, 1],
    [1, 1, 0],
    [0, 0, 1],
  ]);
  expect(perClass[1]).toMatchObject({ class: "b", precision: 1, recall: 0.5, support: 2 });
});
