import { expect, test } from "vitest";
import { readGolden, sequence } from "../golden.fixture.ts";
import { createQuantileSketch } from "../sketch/quantiles.ts";
import { kolmogorovUpper } from "./kolmogorov.ts";
import { type KsResult, testKs, testKsOfSketches } from "./ks.ts";

const golden = readGolden<{
  values: ({ first: number[]; second: number[] } & KsResult)[];
  sequences: ({ first: number[]; second: number[] } & KsResult)[];
  kolmogorov: [count: number, statistic: number, pValue: number][];
}>("ks");

test.each(golden.values)(
  "equals scipy for values: D = $statistic",
  ({ first, second, statistic, pValue }) => {
    const found = testKs(first, second);
    expect(found.statistic).toBeCloseTo(statistic, 9);
    expect(found.pValue).toBeCloseTo(pValue, 9);
  },
);

test.each(golden.sequences)("equals scipy for sequences $first and $second", (known) => {
  const found = testKs(sequence(known.first), sequence(known.second));
  expect(found.statistic).toBeCloseTo(known.statistic, 9);
  expect(found.pValue).toBeCloseTo(known.pValue, 9);
});

test("the one-sample distribution equals scipy in every range, small probabilities relatively", () => {
  expect(golden.kolmogorov.length).toBeGreaterThan(130);
  for (const [count, statistic, pValue] of golden.kolmogorov) {
    const found = kolmogorovUpper(count, statistic);
    expect(found).toBeCloseTo(pValue, 9);
    // scipy's own sum loses nine digits of twelve here, the tail is compared to seven.
    if (pValue < 1e-4) expect(found / pValue).toBeCloseTo(1, 7);
  }
});

const range = (count: number, from = 0) => Array.from({ length: count }, (_, at) => from + at);

test.each<[string, number[], number[], KsResult]>([
  ["two empty sets", [], [], { statistic: 0, pValue: 1 }],
  ["an empty set", [], [1, 2], { statistic: 0, pValue: 1 }],
  ["identical sets", range(10), range(10), { statistic: 0, pValue: 1 }],
  ["equal values only", Array(10).fill(3), Array(4).fill(3), { statistic: 0, pValue: 1 }],
  ["one item each", [1], [2], { statistic: 1, pValue: 1 }],
  ["ten items, disjoint", range(10), range(10, 20), { statistic: 1, pValue: 2 / 184_756 }],
])("%s", (_, first, second, { statistic, pValue }) => {
  const found = testKs(first, second);
  expect(found.statistic).toBe(statistic);
  expect(found.pValue).toBeCloseTo(pValue, 12);
  const [one, two] = [first, second].map((values) => {
    const sketch = createQuantileSketch();
    for (const value of values) sketch.add(value);
    return sketch;
  });
  expect(testKsOfSketches(one!, two!)).toEqual(found);
});

test("a value that is not a number is an error with its position", () => {
  expect(() => testKs([1, NaN], [1])).toThrow("`first` has NaN at position 1");
  expect(() => testKs([1], [2, 3, Infinity])).toThrow("`second` has Infinity at position 2");
});

test("sketches lower the statistic by at most the share of the fullest bucket", () => {
  const first = sequence([3000, 7919, 10007, 1]);
  const second = sequence([2000, 6421, 9973, 1.1]);
  const [one, two] = [createQuantileSketch(), createQuantileSketch()];
  for (const value of first) one.add(value);
  for (const value of second) two.add(value);
  const fullest = Math.max(
    ...[one, two].flatMap((sketch) => sketch.buckets().map(({ count }) => count / sketch.count)),
  );
  const { statistic } = testKs(first, second);
  const found = testKsOfSketches(one, two).statistic;
  expect(found).toBeLessThanOrEqual(statistic);
  expect(found).toBeGreaterThanOrEqual(statistic - fullest);
});
