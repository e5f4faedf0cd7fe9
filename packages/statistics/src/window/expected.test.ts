import { expect, test } from "vitest";
import { seedRandom } from "../random.ts";
import { addExpected, expectedMean, NOTHING_EXPECTED } from "./expected.ts";

const expectationOf = (confidences: number[]) =>
  confidences.reduce(
    (data, confidence, at) =>
      addExpected(data, { id: String(at), at, confidence, numbers: {}, categories: {} }, 1),
    NOTHING_EXPECTED,
  );

test("the interval of the estimate has the accuracy of 95 of 100 windows", () => {
  const random = seedRandom(1);
  let inside = 0;
  for (let window = 0; window < 2_000; window++) {
    const confidences = Array.from({ length: 100 }, () => 0.5 + random() / 2);
    const right = confidences.filter((confidence) => random() < confidence).length / 100;
    const { value, standardError } = expectedMean(expectationOf(confidences))!;
    inside += Number(Math.abs(value - right) <= 1.96 * standardError);
  }
  expect(Math.abs(inside / 2_000 - 0.95)).toBeLessThan(0.02);
});

test("no prediction gives no estimate, and certain ones have no error", () => {
  expect(expectedMean(expectationOf([]))).toBeUndefined();
  expect(expectedMean(expectationOf([0.5]))).toEqual({ value: 0.5, standardError: 0.5 });
  expect(expectedMean(expectationOf([1, 1]))).toEqual({ value: 1, standardError: 0 });
});
