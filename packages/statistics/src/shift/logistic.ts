// Logistic regression with an L2 penalty, by Newton's method: for few columns and a few thousand rows.

export type Vector = ArrayLike<number>;

export interface LogisticModel {
  /** The log odds of the positive class. */
  score(row: Vector): number;
}

const MAX_STEPS = 25;
const TOLERANCE = 1e-8;

/** Minimizes the log loss plus penalty / 2 times the squared weights. The intercept has no penalty. */
export function fitLogistic(
  rows: readonly Vector[],
  isPositive: readonly boolean[],
  penalty = 1,
): LogisticModel {
  const size = (rows[0]?.length ?? 0) + 1;
  const weights = new Float64Array(size);
  for (let step = 0; step < MAX_STEPS; step++) {
    const { gradient, hessian } = derivatives(rows, isPositive, weights, penalty);
    const change = solveSymmetric(hessian, gradient);
    let largest = 0;
    for (let at = 0; at < size; at++) {
      weights[at]! -= change[at]!;
      largest = Math.max(largest, Math.abs(change[at]!));
    }
    if (largest < TOLERANCE) break;
  }
  return { score: (row) => scoreOf(row, weights) };
}

function scoreOf(row: Vector, weights: Float64Array): number {
  let score = weights[weights.length - 1]!;
  for (let at = 0; at < row.length; at++) score += row[at]! * weights[at]!;
  return score;
}

/** The Hessian's lower triangle is filled. */
function derivatives(
  rows: readonly Vector[],
  isPositive: readonly boolean[],
  weights: Float64Array,
  penalty: number,
) {
  const size = weights.length;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const extended = new Float64Array(size).fill(1);
  for (const [index, row] of rows.entries()) {
    extended.set(row);
    const probability = 1 / (1 + Math.exp(-scoreOf(row, weights)));
    const error = probability - Number(isPositive[index]);
    // Never quite 0: saturated rows would leave the intercept without curvature.
    const curvature = Math.max(probability * (1 - probability), 1e-10);
    for (let one = 0; one < size; one++) {
      const value = extended[one]!;
      gradient[one]! += error * value;
      const scaled = curvature * value;
      for (let two = 0, at = one * size; two <= one; two++, at++) hessian[at]! += scaled * extended[two]!;
    }
  }
  for (let at = 0; at < size - 1; at++) {
    gradient[at]! += penalty * weights[at]!;
    hessian[at * size + at]! += penalty;
  }
  return { gradient, hessian };
}

/** Cholesky's method on the lower triangle, in place. */
function solveSymmetric(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const solution = Float64Array.from(right);
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column]!;
      for (let at = 0; at < column; at++) sum -= matrix[row * size + at]! * matrix[column * size + at]!;
      matrix[row * size + column] = row === column ? Math.sqrt(sum) : sum / matrix[column * size + column]!;
    }
  for (let row = 0; row < size; row++) {
    for (let at = 0; at < row; at++) solution[row]! -= matrix[row * size + at]! * solution[at]!;
    solution[row]! /= matrix[row * size + row]!;
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let at = row + 1; at < size; at++) solution[row]! -= matrix[at * size + row]! * solution[at]!;
    solution[row]! /= matrix[row * size + row]!;
  }
  return solution;
}
