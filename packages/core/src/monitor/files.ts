// A comparison in the files of SageMaker Model Monitor, for tools that read them.
import type { Baseline } from "@sluice/statistics/window/baseline.ts";
import type { CategoryCounts } from "@sluice/statistics/sketch/counts.ts";
import type { QuantileSketch } from "@sluice/statistics/sketch/quantiles.ts";
import { readWindow, type Window } from "@sluice/statistics/window/window.ts";
import type { Finding } from "./report.ts";

const BUCKETS = 10;

/** `statistics.json`: the columns of the window. */
export const statisticsFile = (window: Window) => ({
  version: 0,
  dataset: { item_count: window.count },
  features: [
    ...numericColumns(window).map(([name, sketch]) => numericFeature(name, sketch, window.count)),
    ...categoricalColumns(window).map(([name, counts]) => stringFeature(name, counts, window.count)),
  ],
});

/** `constraints.json`: what the baseline lets expect. */
export function constraintsFile(baseline: Baseline, threshold: number) {
  const window = readWindow(baseline.window);
  return {
    version: 0,
    features: [
      ...numericColumns(window).map(([name, sketch]) => ({
        name,
        inferred_type: "Fractional",
        completeness: completeness(sketch.count, window.count),
        num_constraints: { is_non_negative: (sketch.min ?? 0) >= 0 },
      })),
      ...categoricalColumns(window).map(([name, counts]) => ({
        name,
        inferred_type: "String",
        completeness: completeness(counts.total, window.count),
        string_constraints: { domains: counts.toJSON().map(([category]) => category) },
      })),
    ],
    monitoring_config: {
      evaluate_constraints: "Enabled",
      emit_metrics: "Enabled",
      datatype_check_threshold: 1,
      domain_content_threshold: 1,
      distribution_constraints: {
        perform_comparison: "Enabled",
        comparison_threshold: threshold,
        comparison_method: "Robust",
      },
    },
  };
}

/** `constraint_violations.json`: what drifted. */
export const violationsFile = (findings: readonly Finding[]) => ({
  violations: findings
    .filter(({ drifted }) => drifted)
    .map(({ name, test, effect, threshold, adjustedPValue }) => ({
      feature_name: name,
      constraint_check_type: "baseline_drift_check",
      description:
        `Baseline drift distance: ${effect} exceeds threshold: ${threshold} ` +
        `(test: ${test}, adjusted p-value: ${adjustedPValue})`,
    })),
});

const numericColumns = ({ numbers, confidence }: Window): [string, QuantileSketch][] =>
  [...numbers, ["confidence", confidence] as [string, QuantileSketch]].filter(([, { count }]) => count > 0);
const categoricalColumns = ({ categories, classes }: Window): [string, CategoryCounts][] => [
  ...categories,
  ["class", classes],
];

const completeness = (present: number, count: number) => (count === 0 ? 0 : Math.min(1, present / count));
const presence = (present: number, count: number) => ({
  num_present: present,
  num_missing: Math.max(0, count - present),
});

function numericFeature(name: string, sketch: QuantileSketch, count: number) {
  const { mean, deviation } = sketch.moments()!;
  return {
    name,
    inferred_type: "Fractional",
    numerical_statistics: {
      common: presence(sketch.count, count),
      mean,
      sum: mean * sketch.count,
      std_dev: deviation,
      min: sketch.min,
      max: sketch.max,
      distribution: { kll: { buckets: histogram(sketch) } },
    },
  };
}

/** Ten buckets of equal width, as Model Monitor writes them. */
function histogram(sketch: QuantileSketch) {
  const [min, max] = [sketch.min!, sketch.max!];
  const width = (max - min) / BUCKETS;
  const counts = Array.from({ length: BUCKETS }, () => 0);
  for (const { value, count } of sketch.buckets()) {
    const at = width === 0 ? 0 : Math.floor((value - min) / width);
    counts[Math.min(BUCKETS - 1, Math.max(0, at))]! += count;
  }
  return counts.map((count, at) => ({
    lower_bound: min + at * width,
    upper_bound: min + (at + 1) * width,
    count,
  }));
}

const stringFeature = (name: string, counts: CategoryCounts, count: number) => ({
  name,
  inferred_type: "String",
  string_statistics: {
    common: presence(counts.total, count),
    distinct_count: counts.toJSON().length,
    distribution: {
      categorical: { buckets: counts.toJSON().map(([value, of]) => ({ value, count: of })) },
    },
  },
});
