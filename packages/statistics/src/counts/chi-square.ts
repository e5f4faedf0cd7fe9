// The chi-square test of two rows of counts: do both have the same mix of categories?
import { requireCounts, requireSameLength } from "../finite.ts";
import { chiSquareUpper } from "../special/gamma.ts";
import { poolRareCategories } from "./pool.ts";

export interface ChiSquareResult {
  statistic: number;
  degrees: number;
  pValue: number;
  /** Cramér's V, the effect size: 0 for the same mix, 1 for no common category. */
  cramersV: number;
  /** Categories that were counted as one, because their expected counts are small. */
  pooled: number;
}

/** Below this expected count the chi-square distribution is a poor approximation. */
const MIN_EXPECTED = 5;

/** `first` and `second` have the categories in one order. Fewer than two categories give no evidence: p-value 1. */
export function testChiSquare(
  first: ArrayLike<number>,
  second: ArrayLike<number>,
  minExpected = MIN_EXPECTED,
): ChiSquareResult {
  requireCounts(first, "first");
  requireCounts(second, "second");
  requireSameLength(first, second, "`first` and `second`");
  const { columns, pooled } = poolRareCategories(first, second, minExpected);
  const totals = [0, 1].map((row) => columns.reduce((sum, column) => sum + column[row]!, 0));
  const [one, two] = totals as [number, number];
  const degrees = columns.length - 1;
  if (one === 0 || two === 0 || degrees < 1)
    return { statistic: 0, degrees: 0, pValue: 1, cramersV: 0, pooled };
  const sumOf = (correction: number) =>
    columns.reduce((sum, column) => sum + cells(column, one, two, correction), 0);
  // Yates' correction, for two by two cells.
  const statistic = sumOf(degrees === 1 ? 0.5 : 0);
  const cramersV = Math.min(Math.sqrt(sumOf(0) / (one + two)), 1);
  return { statistic, degrees, pValue: chiSquareUpper(statistic, degrees), cramersV, pooled };
}

/** The part of one category in the statistic. */
function cells([a, b]: readonly [number, number], one: number, two: number, correction: number): number {
  const expected = ((a + b) * one) / (one + two);
  const difference = Math.abs(a - expected);
  const square = (difference - Math.min(correction, difference)) ** 2;
  return square / expected + square / (a + b - expected);
}
