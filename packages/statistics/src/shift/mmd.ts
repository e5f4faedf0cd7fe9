// The maximum mean discrepancy of two sets of vectors, with a permutation test. Gretton et al. (2012).
import { type Random, seedRandom, selectItems, shuffle } from "../random.ts";
import type { Vector } from "./logistic.ts";
import { requireVectors } from "./vectors.ts";

export interface MmdResult {
  /** Unbiased, so it may be slightly negative. 0 for equal distributions, 2 at most. */
  mmdSquared: number;
  pValue: number;
  /** Kernel exp(-gamma |x - y|²), with gamma = 1 / (2 * the median squared distance of all pairs). */
  gamma: number;
}

export interface MmdOptions {
  seed: number;
  permutations?: number;
  /** Ends the test after this many permutations with a larger MMD: no precision is lost where it matters. Besag and Clifford (1991). */
  enough?: number;
}

/** Of both sets together: the time grows with the square. */
const MAX_ITEMS = 500;

/** Larger sets are sampled by the seed. A set with fewer than two vectors gives no evidence: 0, p-value 1. */
export function testMmd(
  first: readonly Vector[],
  second: readonly Vector[],
  { seed, permutations = 200, enough = Infinity }: MmdOptions,
): MmdResult {
  requireVectors(first, second);
  const random = seedRandom(seed);
  const [one, two] = limitItems(first, second, random);
  if (one.length < 2 || two.length < 2) return { mmdSquared: 0, pValue: 1, gamma: 0 };
  const distances = squaredDistances([...one, ...two]);
  const gamma = 1 / (2 * (medianOfPairs(distances, one.length + two.length) || 1));
  const kernel = distances.map((distance) => Math.exp(-gamma * distance));
  const isSecond = Uint8Array.from({ length: one.length + two.length }, (_, at) => Number(at >= one.length));
  const sums = sumRows(kernel, isSecond.length);
  const mmdSquared = mmdOf(kernel, sums, isSecond);
  let asLarge = 0;
  for (let count = 1; count <= permutations; count++) {
    // Rounding differs with the order of the sum.
    if (mmdOf(kernel, sums, shuffle(isSecond, random)) >= mmdSquared - 1e-12) asLarge++;
    if (asLarge >= enough) return { mmdSquared, pValue: asLarge / count, gamma };
  }
  return { mmdSquared, pValue: (asLarge + 1) / (permutations + 1), gamma };
}

/** The smaller set keeps what the larger one does not need. */
function limitItems(first: readonly Vector[], second: readonly Vector[], random: Random) {
  const half = MAX_ITEMS / 2;
  const ofFirst = Math.max(half, MAX_ITEMS - second.length);
  const ofSecond = Math.max(half, MAX_ITEMS - first.length);
  return [selectItems(first, ofFirst, random), selectItems(second, ofSecond, random)] as const;
}

function squaredDistances(vectors: readonly Vector[]): Float64Array {
  const count = vectors.length;
  const distances = new Float64Array(count * count);
  for (let one = 0; one < count; one++)
    for (let two = 0; two < one; two++) {
      const [left, right] = [vectors[one]!, vectors[two]!];
      let sum = 0;
      for (let at = 0; at < left.length; at++) sum += (left[at]! - right[at]!) ** 2;
      distances[one * count + two] = distances[two * count + one] = sum;
    }
  return distances;
}

function medianOfPairs(distances: Float64Array, count: number): number {
  const pairs = new Float64Array((count * (count - 1)) / 2);
  for (let one = 1, at = 0; one < count; one++)
    for (let two = 0; two < one; two++) pairs[at++] = distances[one * count + two]!;
  pairs.sort();
  const middle = pairs.length >> 1;
  return pairs.length % 2 === 1 ? pairs[middle]! : (pairs[middle - 1]! + pairs[middle]!) / 2;
}

/** Sums of the kernel without its diagonal of ones: of each row, and of all pairs. */
function sumRows(kernel: Float64Array, count: number) {
  const rows = Float64Array.from({ length: count }, (_, row) =>
    kernel.subarray(row * count, (row + 1) * count).reduce((sum, value) => sum + value, -1),
  );
  return { rows, pairs: rows.reduce((sum, value) => sum + value, 0) / 2 };
}

/** Only the pairs within `second` are summed: the sums of rows give the others. */
function mmdOf(
  kernel: Float64Array,
  { rows, pairs }: ReturnType<typeof sumRows>,
  isSecond: Uint8Array,
): number {
  const second = Int32Array.from([...isSecond.keys()].filter((at) => isSecond[at] === 1));
  let [within, touching] = [0, 0];
  for (const [at, one] of second.entries()) {
    const row = one * isSecond.length;
    for (let before = 0; before < at; before++) within += kernel[row + second[before]!]!;
    touching += rows[one]!;
  }
  const between = touching - 2 * within;
  const other = pairs - within - between;
  const [m, n] = [isSecond.length - second.length, second.length];
  return (2 * other) / (m * (m - 1)) + (2 * within) / (n * (n - 1)) - (2 * between) / (m * n);
}
