// Distances between two distributions that are given as counts of the same bins.
import { requireCounts, requireSameLength } from "../finite.ts";

/**
 * The population stability index of `second` against `first`. Half an item is added to each bin, so that an empty bin is finite.
 * 0 without items in either.
 */
export function computePsi(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const [p, q] = sharesOf(first, second, 0.5);
  return p.reduce((sum, share, at) => sum + (share - q[at]!) * Math.log(share / q[at]!), 0);
}

/** The Jensen-Shannon distance: 0 for equal shares, 1 for no common bin. 0 without items in either. */
export function computeJensenShannon(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const [p, q] = sharesOf(first, second, 0);
  const bits = (share: number, mean: number) => (share === 0 ? 0 : share * Math.log2(share / mean));
  const divergence = p.reduce((sum, share, at) => {
    const mean = (share + q[at]!) / 2;
    return sum + bits(share, mean) + bits(q[at]!, mean);
  }, 0);
  return Math.sqrt(Math.max(divergence / 2, 0));
}

function sharesOf(first: ArrayLike<number>, second: ArrayLike<number>, added: number): [number[], number[]] {
  requireCounts(first, "first");
  requireCounts(second, "second");
  requireSameLength(first, second, "`first` and `second`");
  const [one, two] = [Array.from(first), Array.from(second)];
  const [firstTotal, secondTotal] = [sum(one), sum(two)];
  if (firstTotal === 0 || secondTotal === 0) return [[], []];
  const shares = (counts: number[], total: number) =>
    counts.map((count) => (count + added) / (total + added * counts.length));
  return [shares(one, firstTotal), shares(two, secondTotal)];
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
