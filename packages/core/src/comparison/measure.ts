// Measures of one version's predictions, and rows that compare two versions. Pure functions.
import {
  drawReplicates,
  intervalOf,
  quantileOf,
  type Statistic,
} from "@sluice/statistics/interval/bootstrap.ts";
import {
  computeProportionDifference,
  computeReplicateDifference,
  type Proportion,
} from "@sluice/statistics/interval/difference.ts";
import { computeWilsonInterval } from "@sluice/statistics/interval/wilson.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { type Figure, type FigureName, figureNames, type Row } from "./comparison.ts";
import type { Judgment } from "./judgment.ts";

/** Enough for two digits, and fast enough for a request. */
const SAMPLES = 500;
/** One value has no spread. */
const MIN_VALUES = 2;

export interface VersionSample {
  version: string;
  served: Prediction[];
  failures: number;
  judgments: Judgment[];
}

interface Spread {
  count: number;
  value: number;
  replicates: Float64Array;
}
export type Measures = Partial<Record<FigureName, Proportion | Spread>>;

const mean: Statistic = (sample) => sample.reduce((sum, value) => sum + value, 0) / sample.length;
const quantile =
  (share: number): Statistic =>
  (sample) =>
    quantileOf(sample.sort(), share);

/**
 * `costOf` returns US dollars for 1,000 predictions such as this one. Compared versions need different seeds: equal ones
 * draw the same positions from both.
 */
export function measureVersion(
  { served, failures, judgments }: VersionSample,
  costOf: (prediction: Prediction) => number | undefined,
  seed: number,
): Measures {
  const spreadsOf = (values: number[], statistics: Statistic[]) => measureSpreads(values, statistics, seed);
  const valuesOf = (read: (prediction: Prediction) => number | undefined) =>
    served.flatMap((prediction) => read(prediction) ?? []);
  const times = valuesOf(({ timings }) => timings?.totalMs);
  const [p50, p95] = spreadsOf(times, [quantile(0.5), quantile(0.95)]);
  return {
    accuracy: proportionOf(judgments, ({ correct }) => correct),
    confidence: spreadsOf(
      valuesOf(({ summary }) => summary?.confidence),
      [mean],
    )[0],
    aboveThreshold: proportionOf(served, ({ status }) => status === "completed"),
    failureRate: proportion(failures, served.length + failures),
    p50,
    p95,
    costPer1000: spreadsOf(valuesOf(costOf), [mean])[0],
  };
}

export function compareMeasures(current: Measures | undefined, candidate: Measures | undefined): Row[] {
  return figureNames.flatMap((name): Row[] => {
    const [left, right] = [current?.[name], candidate?.[name]];
    if (!left && !right) return [];
    return [
      {
        name,
        ...(left && { current: figureOf(left) }),
        ...(right && { candidate: figureOf(right) }),
        ...(left && right && { difference: differenceOf(left, right) }),
      },
    ];
  });
}

export const figureOf = (measure: Proportion | Spread): Figure =>
  "successes" in measure
    ? {
        value: measure.successes / measure.count,
        ...computeWilsonInterval(measure.successes, measure.count),
        count: measure.count,
      }
    : { value: measure.value, ...intervalOf(measure.replicates), count: measure.count };

function differenceOf(left: Proportion | Spread, right: Proportion | Spread): NonNullable<Row["difference"]> {
  const value = figureOf(right).value - figureOf(left).value;
  if ("successes" in left && "successes" in right)
    return { value, ...computeProportionDifference(left, right) };
  if ("replicates" in left && "replicates" in right)
    return { value, ...computeReplicateDifference(left.replicates, right.replicates) };
  throw new TypeError("A proportion cannot be compared with a mean.");
}

export const proportionOf = <T>(items: readonly T[], succeeds: (item: T) => boolean) =>
  proportion(items.filter(succeeds).length, items.length);

const proportion = (successes: number, count: number): Proportion | undefined =>
  count === 0 ? undefined : { successes, count };

function measureSpreads(values: number[], statistics: Statistic[], seed: number): (Spread | undefined)[] {
  if (values.length < MIN_VALUES) return [];
  const replicates = drawReplicates(values, statistics, { seed, samples: SAMPLES })!;
  return statistics.map((statistic, at) => ({
    count: values.length,
    value: statistic(Float64Array.from(values)),
    replicates: replicates[at]!,
  }));
}
