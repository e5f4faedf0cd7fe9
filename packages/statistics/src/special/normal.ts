// The normal distribution.
import { gammaUpper } from "./gamma.ts";

/** P(Z >= z). */
export function normalUpper(z: number): number {
  const tail = gammaUpper(0.5, (z * z) / 2) / 2;
  return z >= 0 ? tail : 1 - tail;
}

/** The z below which the share `p` lies, for 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`A quantile is between 0 and 1; this one is ${p}.`);
  if (p < 0.5) return -normalQuantile(1 - p);
  const tail = 1 - p;
  // Hastings' approximation has an error below 4.5e-4; each Halley step cubes it.
  const root = Math.sqrt(-2 * Math.log(tail));
  let z =
    root -
    (2.515517 + root * (0.802853 + root * 0.010328)) /
      (1 + root * (1.432788 + root * (0.189269 + root * 0.001308)));
  for (let step = 0; step < 3; step++) {
    const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
    const error = (normalUpper(z) - tail) / density;
    z += error / (1 - (z * error) / 2);
  }
  return z;
}

/** The z of a two-sided interval: 1.96 for the level 0.95. */
export const zOfLevel = (level: number) => normalQuantile((1 + level) / 2);
