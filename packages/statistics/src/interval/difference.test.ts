import { expect, test } from "vitest";
import { seedRandom } from "../random.ts";
import { drawReplicates, type Statistic } from "./bootstrap.ts";
import { computeProportionDifference, computeReplicateDifference } from "./difference.ts";

// Newcombe (1998), "Interval estimation for the difference between independent proportions", table II, method 10.
test.each([
  [{ successes: 48, count: 80 }, { successes: 56, count: 70 }, 0.0524, 0.3339],
  [{ successes: 3, count: 10 }, { successes: 9, count: 10 }, 0.1705, 0.809],
  [{ successes: 0, count: 20 }, { successes: 0, count: 10 }, -0.1611, 0.2775],
])("the difference of two proportions equals Newcombe's example", (left, right, low, high) => {
  const found = computeProportionDifference(left, right);
  expect(found.low).toBeCloseTo(low, 4);
  expect(found.high).toBeCloseTo(high, 4);
});

test("the difference of proportions without items may be anything", () => {
  const none = { successes: 0, count: 0 };
  expect(computeProportionDifference(none, { successes: 3, count: 4 })).toEqual({ low: -1, high: 1 });
});

const mean: Statistic = (sample) => sample.reduce((sum, value) => sum + value, 0) / sample.length;
const draw = (seed: number, shift: number) => {
  const random = seedRandom(seed);
  return Array.from({ length: 400 }, () => random() + shift);
};

test("the difference of means covers the true shift, and nothing far from it", () => {
  const [left] = drawReplicates(draw(1, 0), [mean], { seed: 1, samples: 500 })!;
  const [right] = drawReplicates(draw(2, 0.2), [mean], { seed: 2, samples: 500 })!;
  const { low, high } = computeReplicateDifference(left!, right!);
  expect(low).toBeGreaterThan(0.1);
  expect(low).toBeLessThan(0.2);
  expect(high).toBeGreaterThan(0.2);
  expect(high).toBeLessThan(0.3);
  expect(() => computeReplicateDifference(left!, right!.slice(1))).toThrow("cannot be paired");
});
