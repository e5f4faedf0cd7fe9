// Binomial probabilities by Loader's deviance form: terms of similar size are never subtracted, so large counts stay exact.
import { logGamma } from "./gamma.ts";

const LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** P(X = successes) of `count` trials with success probability `p` each. */
export function binomialProbability(successes: number, count: number, p: number): number {
  if (p <= 0) return successes === 0 ? 1 : 0;
  if (p >= 1) return successes === count ? 1 : 0;
  if (successes === 0) return Math.exp(count * Math.log1p(-p));
  if (successes === count) return Math.exp(count * Math.log(p));
  const failures = count - successes;
  const exponent =
    stirlingError(count) -
    stirlingError(successes) -
    stirlingError(failures) -
    deviance(successes, count * p) -
    deviance(failures, count * (1 - p));
  return Math.exp(exponent) * Math.sqrt(count / (2 * Math.PI * successes * failures));
}

/** log(n!) minus Stirling's approximation. */
function stirlingError(n: number): number {
  if (n < 16) return logGamma(n + 1) - (n + 0.5) * Math.log(n) + n - LOG_SQRT_TWO_PI;
  const square = n * n;
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / n;
}

/** x log(x / mean) + mean - x. */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  // The series of the logarithm in (x - mean) / (x + mean).
  const ratio = difference / (x + mean);
  let sum = difference * ratio;
  let power = 2 * x * ratio;
  for (let odd = 3; ; odd += 2) {
    power *= ratio * ratio;
    const next = sum + power / odd;
    if (next === sum) return sum;
    sum = next;
  }
}
