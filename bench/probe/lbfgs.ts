// Multinomial logistic regression with an L2 penalty, minimised by L-BFGS with a backtracking line search, for comparison.
// It shares only the matrix type with the probe.
import type { Matrix } from "@sluice/probe/head/head.ts";

const MEMORY = 10;
const STEPS = 500;
/** The minimum is reached below this gradient: scikit-learn's `tol`, on the mean loss. */
const TOLERANCE = 1e-4;

/** For each class its weights, then its bias. */
export type Weights = Float64Array;

/** `strength` is scikit-learn's C: the weight of the data against the penalty. */
export function regress(data: Matrix, classes: number, strength: number): Weights {
  let weights: Weights = new Float64Array(classes * (data.columns + 1));
  let { loss, slope } = lossOf(data, classes, strength, weights);
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  for (let step = 0; step < STEPS; step++) {
    if (slope.reduce((most, value) => Math.max(most, Math.abs(value)), 0) < TOLERANCE) break;
    const direction = twoLoops(slope, steps, changes);
    const descent = dot(direction, slope);
    let reach = step === 0 ? Math.min(1, 1 / Math.sqrt(dot(slope, slope))) : 1;
    let next = lossOf(data, classes, strength, moved(weights, direction, reach));
    while (next.loss > loss + 1e-4 * reach * descent && reach > 1e-10) {
      reach /= 2;
      next = lossOf(data, classes, strength, moved(weights, direction, reach));
    }
    const after = moved(weights, direction, reach);
    const s = after.map((value, at) => value - weights[at]!);
    const y = next.slope.map((value, at) => value - slope[at]!);
    if (dot(s, y) > 1e-12) {
      steps.push(s);
      changes.push(y);
      if (steps.length > MEMORY) {
        steps.shift();
        changes.shift();
      }
    }
    [weights, loss, slope] = [after, next.loss, next.slope];
  }
  return weights;
}

/** The most probable class of each row. */
export function classesOf(weights: Weights, data: Matrix, classes: number): number[] {
  return Array.from(data.labels, (_, row) => {
    const scores = scoresOf(weights, data, row, classes);
    return scores.indexOf(Math.max(...scores));
  });
}

function scoresOf(weights: Weights, { values, columns }: Matrix, row: number, classes: number): number[] {
  const scores: number[] = [];
  const from = row * columns;
  for (let kind = 0; kind < classes; kind++) {
    const base = kind * (columns + 1);
    let sum = weights[base + columns]!;
    for (let at = 0; at < columns; at++) sum += weights[base + at]! * values[from + at]!;
    scores.push(sum);
  }
  return scores;
}

/** Mean loss and its gradient; biases have no penalty. */
function lossOf(data: Matrix, classes: number, strength: number, weights: Weights) {
  const { columns, labels, values } = data;
  const slope = new Float64Array(weights.length);
  let loss = 0;
  for (const [row, label] of labels.entries()) {
    const scores = scoresOf(weights, data, row, classes);
    const highest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - highest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    loss += Math.log(total) + highest - scores[label]!;
    for (const [kind, power] of powers.entries()) {
      const error = power / total - (kind === label ? 1 : 0);
      const base = kind * (columns + 1);
      for (let at = 0; at < columns; at++) slope[base + at]! += error * values[row * columns + at]!;
      slope[base + columns]! += error;
    }
  }
  const share = 1 / labels.length;
  for (let at = 0; at < weights.length; at++) {
    slope[at]! *= share;
    if (at % (columns + 1) === columns) continue;
    loss += weights[at]! ** 2 / (2 * strength);
    slope[at]! += (weights[at]! * share) / strength;
  }
  return { loss: loss * share, slope };
}

/** Applies the inverse curvature of the last steps to the gradient. */
function twoLoops(slope: Float64Array, steps: Float64Array[], changes: Float64Array[]): Float64Array {
  const direction = slope.map((value) => -value);
  const factors: number[] = [];
  for (let at = steps.length - 1; at >= 0; at--) {
    factors[at] = dot(steps[at]!, direction) / dot(steps[at]!, changes[at]!);
    add(direction, changes[at]!, -factors[at]!);
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!);
    for (let at = 0; at < direction.length; at++) direction[at]! *= scale;
  }
  for (let at = 0; at < steps.length; at++)
    add(direction, steps[at]!, factors[at]! - dot(changes[at]!, direction) / dot(steps[at]!, changes[at]!));
  return direction;
}

const moved = (weights: Weights, direction: Float64Array, by: number) =>
  weights.map((value, at) => value + by * direction[at]!);

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
}

function add(to: Float64Array, what: Float64Array, factor: number): void {
  for (let at = 0; at < to.length; at++) to[at]! += factor * what[at]!;
}
