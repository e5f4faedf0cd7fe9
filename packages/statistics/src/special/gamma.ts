// The gamma function, and the incomplete gamma function behind the chi-square and normal distributions.

/** Lanczos coefficients for g = 7: relative error about 1e-15. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** For x > 0. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const [first, ...rest] = LANCZOS as [number, ...number[]];
  const base = x + 6.5;
  const sum = rest.reduce((total, coefficient, at) => total + coefficient / (x + at), first);
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(base) - base + Math.log(sum);
}

const PRECISION = 1e-16;
const TINY = 1e-300;

/** The regularized upper incomplete gamma function Q(shape, x). */
export function gammaUpper(shape: number, x: number): number {
  if (x <= 0) return 1;
  return x < shape + 1 ? 1 - lowerSeries(shape, x) : upperFraction(shape, x);
}

const factor = (shape: number, x: number) => Math.exp(shape * Math.log(x) - x - logGamma(shape));

function lowerSeries(shape: number, x: number): number {
  let term = 1 / shape;
  let sum = term;
  for (let step = 1; term > sum * PRECISION; step++) sum += term *= x / (shape + step);
  return sum * factor(shape, x);
}

/** Lentz's method. */
function upperFraction(shape: number, x: number): number {
  let b = x + 1 - shape;
  let c = 1 / TINY;
  let d = 1 / b;
  let result = d;
  for (let step = 1, change = 0; Math.abs(change - 1) > PRECISION && step < 10_000; step++) {
    const a = -step * (step - shape);
    b += 2;
    d = 1 / nonZero(a * d + b);
    c = nonZero(b + a / c);
    change = c * d;
    result *= change;
  }
  return result * factor(shape, x);
}

const nonZero = (value: number) => (Math.abs(value) < TINY ? TINY : value);

/** P(X >= x) of the chi-square distribution. */
export const chiSquareUpper = (x: number, degrees: number) => gammaUpper(degrees / 2, x / 2);
