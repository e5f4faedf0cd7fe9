// The distribution of the Kolmogorov statistic of one sample. Simard and L'Ecuyer (2011) give the range of each method.
import { binomialProbability } from "../special/binomial.ts";
import { durbinLower } from "./durbin.ts";
import { pelzGoodLower } from "./pelz-good.ts";

/** P(D >= statistic) for one sample of `count` values. */
export function kolmogorovUpper(count: number, statistic: number): number {
  const scaled = count * statistic;
  if (statistic >= 1) return 0;
  if (scaled <= 0.5) return 1;
  const square = scaled * statistic;
  if (square >= 370) return 0;
  const oneSided = statistic >= 0.5 || square >= (count <= 140 ? 4 : 2.2);
  return clamp(oneSided ? 2 * smirnovUpper(count, statistic) : 1 - lower(count, statistic));
}

const lower = (count: number, statistic: number) =>
  count <= 140 || (count <= 100_000 && count * statistic ** 1.5 <= 1.4)
    ? durbinLower(count, statistic)
    : pelzGoodLower(count, statistic);

/** P(D+ >= statistic), of the one-sided statistic: Birnbaum and Tingey's sum, as binomial probabilities. */
function smirnovUpper(count: number, statistic: number): number {
  let sum = 0;
  for (let at = 0, last = Math.floor(count * (1 - statistic)); at <= last; at++) {
    const p = statistic + at / count;
    sum += (statistic / p) * binomialProbability(at, count, p);
  }
  return sum;
}

const clamp = (probability: number) => Math.min(Math.max(probability, 0), 1);
