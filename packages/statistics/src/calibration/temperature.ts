// Temperature scaling: one number that divides the logits, so that confidences match accuracy. Guo et al. (2017).
import { requireFinite } from "../finite.ts";

/** Above 1 the model was too sure. */
const MIN_TEMPERATURE = 0.05;
const MAX_TEMPERATURE = 20;

export interface TemperatureFit {
  /** 1 without items; within 0.05 to 20, which items that are all right, or all wrong, reach. */
  temperature: number;
  /** Mean negative log likelihood of the true classes, before and after. */
  nllBefore: number;
  nllAfter: number;
}

/** `logits` may also be log probabilities: both give the same softmax. `labels` are class indices. */
export function fitTemperature(
  logits: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
): TemperatureFit {
  for (const [at, row] of logits.entries()) {
    requireFinite(row, `logits[${at}]`);
    if (row[labels[at]!] === undefined)
      throw new RangeError(`\`labels[${at}]\` is ${labels[at]}; the item has ${row.length} classes.`);
  }
  const lossAt = (inverse: number) => losses(logits, labels, inverse);
  const inverse = logits.length === 0 ? 1 : findMinimum((at) => lossAt(at).slope);
  return { temperature: 1 / inverse, nllBefore: lossAt(1).nll, nllAfter: lossAt(inverse).nll };
}

/** The loss is convex in 1 / temperature, so its slope has one root: bisection cannot miss it. */
function findMinimum(slopeAt: (inverse: number) => number): number {
  let low = 1 / MAX_TEMPERATURE;
  let high = 1 / MIN_TEMPERATURE;
  if (slopeAt(low) >= 0) return slopeAt(high) <= 0 ? 1 : low;
  if (slopeAt(high) <= 0) return high;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (slopeAt(middle) > 0) high = middle;
    else low = middle;
  }
  return (low + high) / 2;
}

/** The mean loss and its slope, for logits times `inverse`. */
function losses(logits: readonly ArrayLike<number>[], labels: ArrayLike<number>, inverse: number) {
  let nll = 0;
  let slope = 0;
  for (const [item, row] of logits.entries()) {
    const label = row[labels[item]!]!;
    let highest = -Infinity;
    for (let at = 0; at < row.length; at++) highest = Math.max(highest, row[at]!);
    let [sum, weighted] = [0, 0];
    for (let at = 0; at < row.length; at++) {
      const power = Math.exp((row[at]! - highest) * inverse);
      sum += power;
      weighted += power * row[at]!;
    }
    nll += Math.log(sum) + (highest - label) * inverse;
    slope += weighted / sum - label;
  }
  const count = logits.length || 1;
  return { nll: nll / count, slope: slope / count };
}

/** Keeps the logarithm of a probability of 0 finite. */
const LEAST_PROBABILITY = 1e-12;

/** Log probabilities, which serve as logits: both give the same softmax. */
export const logitsOf = (probabilities: readonly number[]): number[] =>
  probabilities.map((share) => Math.log(Math.max(share, LEAST_PROBABILITY)));

/** Probabilities after scaling. */
export function applyTemperature(logits: ArrayLike<number>, temperature: number): Float64Array {
  const scaled = Float64Array.from(logits, (logit) => logit / temperature);
  const highest = scaled.reduce((most, value) => Math.max(most, value), -Infinity);
  const powers = scaled.map((value) => Math.exp(value - highest));
  const sum = powers.reduce((total, value) => total + value, 0);
  return powers.map((value) => value / sum);
}
