import { expect, test } from "vitest";
import { readGolden } from "../golden.fixture.ts";
import { adjustPValues } from "../false-discovery.ts";
import { testChiSquare } from "./chi-square.ts";

interface Pair {
  first: number[];
  second: number[];
}
const golden = readGolden<{
  chiSquare: (Pair & { statistic: number; degrees: number; pValue: number; cramersV: number })[];
  discovery: { pValues: number[]; adjusted: number[] }[];
}>("counts");

test.each(golden.chiSquare)("chi-square equals scipy for $first and $second", (known) => {
  const found = testChiSquare(known.first, known.second);
  expect(found).toMatchObject({ degrees: known.degrees, pooled: 0 });
  expect(found.statistic).toBeCloseTo(known.statistic, 9);
  expect(found.pValue).toBeCloseTo(known.pValue, 9);
  expect(found.cramersV).toBeCloseTo(known.cramersV, 9);
});

test("rare categories are pooled until their expected counts are 5", () => {
  // Expected in `second`: 50, 40, 2, 2, 1 and 5.
  const found = testChiSquare([100, 80, 4, 4, 2, 10], [50, 40, 2, 2, 1, 5]);
  expect(found).toMatchObject({ pooled: 3, degrees: 3, statistic: 0, pValue: 1 });
  // Two rare ones of 2 and 2 take the next category with them.
  expect(testChiSquare([100, 12, 2, 2], [100, 12, 2, 2])).toMatchObject({ pooled: 3, degrees: 1 });
  // A new class seen in one window only.
  expect(testChiSquare([100, 100, 0], [100, 90, 12])).toMatchObject({ pooled: 0, degrees: 2 });
  expect(testChiSquare([3, 2], [1, 2])).toMatchObject({ pooled: 2, degrees: 0, pValue: 1 });
});

test.each<[string, number[], number[], object]>([
  ["no category", [], [], { degrees: 0, pValue: 1, cramersV: 0 }],
  ["an empty row", [0, 0], [5, 90], { degrees: 0, pValue: 1, cramersV: 0 }],
  ["one category", [10], [20], { degrees: 0, pValue: 1, cramersV: 0 }],
  ["one item each", [1, 0], [0, 1], { degrees: 0, pValue: 1 }],
  ["the same mix", [10, 20], [20, 40], { degrees: 1, pValue: 1, cramersV: 0 }],
  ["no common category", [50, 0], [0, 50], { degrees: 1, cramersV: 1 }],
])("chi-square of %s", (_, first, second, expected) => {
  expect(testChiSquare(first, second)).toMatchObject(expected);
});

test("counts must be whole, and rows of one length", () => {
  expect(() => testChiSquare([1.5], [1])).toThrow("`first` has 1.5 at position 0");
  expect(() => testChiSquare([1, NaN], [1, 1])).toThrow("`first` has NaN at position 1");
  expect(() => testChiSquare([1, 2], [-1, 2])).toThrow("`second` has -1 at position 0");
  expect(() => testChiSquare([1], [1, 2])).toThrow("they have 1 and 2");
});

test.each(golden.discovery)("adjusted p-values equal scipy for $pValues", ({ pValues, adjusted }) => {
  for (const [at, found] of adjustPValues(pValues).entries()) expect(found).toBeCloseTo(adjusted[at]!, 9);
});

test("no test, and a p-value that is not a number", () => {
  expect(adjustPValues([])).toEqual([]);
  expect(() => adjustPValues([0.5, NaN])).toThrow("`pValues` has NaN at position 1");
});
