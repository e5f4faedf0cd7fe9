import { expect, test } from "vitest";
import { readGolden } from "../golden.fixture.ts";
import { seedRandom } from "../random.ts";
import { computeAuc } from "./auc.ts";
import { testClassifier } from "./classifier.ts";
import { fitLogistic } from "./logistic.ts";
import { testMmd } from "./mmd.ts";
import { shareOutside } from "./support.ts";

const golden = readGolden<{
  auc: { first: number[]; second: number[]; auc: number }[];
  logistic: { rows: number[][]; isPositive: boolean[]; penalty: number; scores: number[] };
  mmd: {
    first: number[][];
    second: number[][];
    seed: number;
    mmdSquared: number;
    gamma: number;
    pValue: number;
  }[];
}>("shift");

test.each(golden.auc)("AUC equals scikit-learn: $auc", ({ first, second, auc }) => {
  expect(computeAuc(first, second).auc).toBeCloseTo(auc, 9);
});

test("AUC of empty, equal and separate scores", () => {
  expect(computeAuc([], [1])).toEqual({ auc: 0.5, nullDeviation: 0 });
  expect(computeAuc([2, 2], [2, 2, 2])).toEqual({ auc: 0.5, nullDeviation: 0 });
  expect(computeAuc([1, 2], [3]).auc).toBe(1);
  expect(() => computeAuc([NaN], [1])).toThrow("`first` has NaN at position 0");
});

test("logistic regression equals scikit-learn", () => {
  const { rows, isPositive, penalty, scores } = golden.logistic;
  const model = fitLogistic(rows, isPositive, penalty);
  for (const [at, row] of rows.entries()) expect(model.score(row)).toBeCloseTo(scores[at]!, 7);
});

test.each(golden.mmd)("MMD equals NumPy: $mmdSquared", ({ first, second, seed, ...known }) => {
  const found = testMmd(first, second, { seed });
  expect(found.mmdSquared).toBeCloseTo(known.mmdSquared, 9);
  expect(found.gamma).toBeCloseTo(known.gamma, 9);
  expect(found.pValue).toBeCloseTo(known.pValue, 9);
});

/** Sums of uniform numbers, nearly normal. */
function vectors(count: number, size: number, seed: number, shift = 0) {
  const random = seedRandom(seed);
  const draw = () => random() + random() + random() - 1.5 + shift;
  return Array.from({ length: count }, () => Float64Array.from({ length: size }, draw));
}
const both = (first: Float64Array[], second: Float64Array[]) => ({
  classifier: testClassifier(first, second, { seed: 5 }),
  mmd: testMmd(first, second, { seed: 5 }),
});

test("sets of one distribution are not told apart", () => {
  const { classifier, mmd } = both(vectors(150, 16, 1), vectors(200, 16, 2));
  expect(Math.abs(classifier.auc - 0.5)).toBeLessThan(0.1);
  expect(classifier.pValue).toBeGreaterThan(0.01);
  expect(mmd.pValue).toBeGreaterThan(0.01);
});

test("a small shift is found, disjoint sets fully", () => {
  const shifted = both(vectors(200, 16, 1), vectors(200, 16, 2, 0.2));
  expect(shifted.classifier.auc).toBeGreaterThan(0.7);
  expect(shifted.classifier.pValue).toBeLessThan(1e-6);
  expect(shifted.mmd.pValue).toBe(1 / 201);
  const disjoint = both(vectors(10, 4, 1), vectors(10, 4, 2, 5));
  expect(disjoint.classifier.auc).toBe(1);
  expect(disjoint.mmd.pValue).toBe(1 / 201);
});

test.each<[string, Float64Array[], Float64Array[]]>([
  ["two empty sets", [], []],
  ["an empty set", [], vectors(3, 2, 1)],
  ["one vector", vectors(1, 2, 1), vectors(9, 2, 2)],
  ["equal vectors only", Array(6).fill(Float64Array.of(1, 2)), Array(7).fill(Float64Array.of(1, 2))],
  ["identical sets", vectors(10, 3, 1), vectors(10, 3, 1)],
])("%s are no evidence", (_, first, second) => {
  const { classifier, mmd } = both(first, second);
  expect(classifier.auc).toBeLessThanOrEqual(0.55);
  expect(classifier.pValue).toBeGreaterThan(0.25);
  expect(mmd.pValue).toBe(1);
});

test("a permutation test ends early where the sets are equal, with nearly the same p-value", () => {
  const [first, second] = [vectors(100, 8, 1), vectors(100, 8, 2)];
  const full = testMmd(first, second, { seed: 5, permutations: 2_000 });
  const short = testMmd(first, second, { seed: 5, permutations: 2_000, enough: 20 });
  expect(short.pValue).toBeGreaterThan(0.05);
  expect(Math.abs(short.pValue - full.pValue)).toBeLessThan(0.15);
  expect(20 / short.pValue).toBeLessThan(400);
  const shifted = vectors(100, 8, 2, 0.5);
  const options = { seed: 5, permutations: 2_000, enough: 20 };
  expect(testMmd(first, shifted, options).pValue).toBe(1 / 2_001);
});

test("larger sets are sampled to 500 vectors, the same by the same seed", () => {
  const [first, second] = [vectors(700, 4, 1), vectors(100, 4, 2)];
  const one = testMmd(first, second, { seed: 3, permutations: 20 });
  expect(testMmd(first, second, { seed: 3, permutations: 20 })).toEqual(one);
  expect(testMmd(first, second, { seed: 4, permutations: 20 }).gamma).not.toBe(one.gamma);
});

test("vectors outside of a reference set", () => {
  const reference = vectors(200, 8, 1);
  expect(shareOutside(reference, vectors(200, 8, 2))).toBeLessThan(0.04);
  expect(shareOutside(reference, vectors(50, 8, 3, 5))).toBe(1);
  expect(shareOutside(reference, [...vectors(60, 8, 2), ...vectors(40, 8, 3, 5)])).toBeCloseTo(0.4, 1);
  expect(shareOutside(reference, reference)).toBeLessThanOrEqual(0.01);
  expect(shareOutside([], vectors(3, 8, 1))).toBe(0);
  expect(shareOutside(reference, [])).toBe(0);
});

test("vectors must be finite and of one length", () => {
  expect(() => testMmd([[1, NaN]], [[1, 2]], { seed: 1 })).toThrow("`first[0]` has NaN at position 1");
  expect(() => testClassifier([[1, 2]], [[1]], { seed: 1 })).toThrow("`second[0]` has 1 numbers");
});
