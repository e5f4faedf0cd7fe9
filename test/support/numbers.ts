import { expect } from "vitest";

const TOLERANCE = 1e-5;

/** Expects two values of the same shape to have equal numbers, up to the tolerance. */
export function expectEqualNumbers(left: unknown, right: unknown) {
  const [some, others] = [numbersIn(left), numbersIn(right)];
  expect(some).toHaveLength(others.length);
  expect(Math.max(...some.map((value, index) => Math.abs(value - others[index]!)))).toBeLessThan(TOLERANCE);
}

function numbersIn(value: unknown): number[] {
  if (typeof value === "number") return [value];
  return value && typeof value === "object" ? Object.values(value).flatMap(numbersIn) : [];
}
