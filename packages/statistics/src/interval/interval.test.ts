import { expect, test } from "vitest";
import { readGolden } from "../golden.fixture.ts";
import { bootstrapInterval } from "./bootstrap.ts";
import { computeWilsonInterval } from "./wilson.ts";

const golden = readGolden<{
  wilson: [successes: number, count: number, level: number, low: number, high: number][];
  bootstrap: { values: number[]; seed: number; samples: number; level: number; low: number; high: number };
}>("calibration");

const mean = (sample: Float64Array) => sample.reduce((sum, value) => sum + value, 0) / sample.length;

test.each(golden.wilson)("Wilson's interval of %d of %d at %d equals scipy", (...known) => {
  const [successes, count, level, low, high] = known;
  const found = computeWilsonInterval(successes, count, level);
  expect(found.low).toBeCloseTo(low, 9);
  expect(found.high).toBeCloseTo(high, 9);
});

test("Wilson's interval without items, and of no proportion", () => {
  expect(computeWilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
  expect(() => computeWilsonInterval(3, 2)).toThrow("3 of 2 is not a proportion");
  expect(() => computeWilsonInterval(NaN, 2)).toThrow("NaN of 2 is not a proportion");
});

test("the bootstrap equals NumPy", () => {
  const { values, low, high, ...options } = golden.bootstrap;
  const found = bootstrapInterval(values, mean, options)!;
  expect(found.low).toBeCloseTo(low, 9);
  expect(found.high).toBeCloseTo(high, 9);
});

test("the bootstrap of no, one and equal values", () => {
  expect(bootstrapInterval([], mean, { seed: 1 })).toBeUndefined();
  expect(bootstrapInterval([2], mean, { seed: 1 })).toEqual({ low: 2, high: 2 });
  expect(bootstrapInterval([3, 3, 3], mean, { seed: 1 })).toEqual({ low: 3, high: 3 });
  expect(() => bootstrapInterval([NaN], mean, { seed: 1 })).toThrow("`values` has NaN at position 0");
});
