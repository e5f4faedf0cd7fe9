// Compares a window with its baseline. A p-value alone never alarms: the effect must exceed its threshold as well.
import { testChiSquare } from "../counts/chi-square.ts";
import { adjustPValues } from "../false-discovery.ts";
import { testKsOfSketches } from "../ks/ks.ts";
import { alignCounts, type CategoryCounts } from "../sketch/counts.ts";
import type { QuantileSketch } from "../sketch/quantiles.ts";
import type { Baseline } from "./baseline.ts";
import { compareEmbeddings } from "./embeddings.ts";
import {
  type Finding,
  type FindingGroup,
  type Result,
  summarizeCategories,
  summarizeNumbers,
} from "./finding.ts";
import { type Harm, estimateHarm } from "./harm.ts";
import { describeFindings } from "./reason.ts";
import { readWindow, type Window } from "./window.ts";

/** Fewer items say nothing about a distribution. */
export const MIN_ITEMS = 30;

export interface CompareOptions {
  /** The least effect of each group that matters. For `embedding` the AUC, from 0.5. */
  thresholds: Record<FindingGroup, number>;
  /** The share of windows without drift that may alarm. */
  falseAlarms: number;
  seed: number;
}

export interface Comparison {
  status: "ok" | "drift" | "insufficient";
  reason: string;
  findings: Finding[];
  harm?: Harm;
  /** Why the harm cannot be said, or why its estimate is doubtful. */
  harmUnknown?: string;
}

export function compareWindows(
  baseline: Baseline,
  window: Window,
  { thresholds, falseAlarms, seed }: CompareOptions,
): Comparison {
  const before = readWindow(baseline.window);
  const missing = insufficient(before, window);
  if (missing !== undefined) return { status: "insufficient", reason: missing, findings: [] };
  const embeddings = compareEmbeddings(before, window, {
    least: MIN_ITEMS,
    threshold: thresholds.embedding,
    seed,
  });
  const results = [
    ...compareNumbers(before, window, thresholds.inputs),
    ...compareCategories(before, window, thresholds.inputs),
    ...countsResult("class", "predictions", before.classes, window.classes, thresholds.predictions),
    ...sketchResult("confidence", "confidence", before.confidence, window.confidence, thresholds.confidence),
    ...embeddings.results,
  ];
  const adjusted = adjustPValues(results.map(({ pValue }) => pValue));
  const findings = results.map((result, at) => ({
    ...result,
    adjustedPValue: adjusted[at]!,
    drifted: adjusted[at]! <= falseAlarms && result.effect >= result.threshold,
  }));
  const drifted = findings.some((finding) => finding.drifted);
  return {
    status: drifted ? "drift" : "ok",
    reason: describeFindings(findings, window.count),
    findings,
    ...estimateHarm(baseline, window, embeddings.outside),
  };
}

function insufficient(before: Window, window: Window): string | undefined {
  if (window.count === 0) return "No predictions were captured.";
  if (window.count < MIN_ITEMS)
    return `${window.count} predictions were captured; at least ${MIN_ITEMS} are needed.`;
  if (before.count < MIN_ITEMS)
    return `The baseline has ${before.count} predictions; at least ${MIN_ITEMS} are needed.`;
  return undefined;
}

/** Descriptors that both have. One that only one has comes from another version of the engine. */
const compareNumbers = (before: Window, window: Window, threshold: number): Result[] =>
  [...before.numbers].flatMap(([name, sketch]) => {
    const current = window.numbers.get(name);
    return current ? sketchResult(name, "inputs", sketch, current, threshold) : [];
  });

const compareCategories = (before: Window, window: Window, threshold: number): Result[] =>
  [...before.categories].flatMap(([name, counts]) => {
    const current = window.categories.get(name);
    return current ? countsResult(name, "inputs", counts, current, threshold) : [];
  });

function sketchResult(
  name: string,
  group: FindingGroup,
  before: QuantileSketch,
  current: QuantileSketch,
  threshold: number,
): Result[] {
  if (before.count < MIN_ITEMS || current.count < MIN_ITEMS) return [];
  const { statistic, pValue } = testKsOfSketches(before, current);
  return [
    {
      name,
      group,
      test: "ks",
      statistic,
      pValue,
      effect: statistic,
      threshold,
      baseline: summarizeNumbers(before),
      current: summarizeNumbers(current),
    },
  ];
}

function countsResult(
  name: string,
  group: FindingGroup,
  before: CategoryCounts,
  current: CategoryCounts,
  threshold: number,
): Result[] {
  const { first, second } = alignCounts(before, current);
  const { statistic, pValue, cramersV } = testChiSquare(first, second);
  return [
    {
      name,
      group,
      test: "chi-square",
      statistic,
      pValue,
      effect: cramersV,
      threshold,
      baseline: summarizeCategories(before),
      current: summarizeCategories(current),
    },
  ];
}
