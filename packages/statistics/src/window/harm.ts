// What a change probably costs: the accuracy that confidences let expect.
import { zOfLevel } from "../special/normal.ts";
import type { Baseline } from "./baseline.ts";
import { type ExpectedData, expectedMean } from "./expected.ts";
import { NO_CLASS, type Window } from "./window.ts";

export interface Harm {
  /** Of a detector the precision: the share of its boxes that are right. */
  metric: "accuracy" | "precision";
  /** Measured on the held-out items, if they are labeled. */
  baseline?: number;
  estimated: number;
  /** Sampling error at 95 %. */
  low: number;
  high: number;
}

/** Inputs outside of the baseline, and predictions of classes that it does not have: more make the estimate doubtful. */
const MAX_OUTSIDE = 0.1;
const MAX_NEW_CLASS = 0.01;

/** `outside`: the share of inputs that are unlike all of the baseline. */
export function estimateHarm(
  { measured, model, window: { classes, expected: before } }: Baseline,
  window: Window,
  outside: number,
): { harm?: Harm; harmUnknown?: string } {
  const { expected } = window;
  const estimate =
    measured && expected.of === "boxes"
      ? estimateChange(before, expected, measured.value)
      : expectedMean(expected);
  if (!estimate)
    return { harmUnknown: "The predictions have no confidences to estimate their accuracy from." };
  const { value, standardError } = estimate;
  const reach = zOfLevel(0.95) * standardError;
  const harm: Harm = {
    metric: expected.of === "boxes" ? "precision" : "accuracy",
    ...(measured && { baseline: measured.value }),
    estimated: limit(value),
    low: limit(value - reach),
    high: limit(value + reach),
  };
  const doubts = [
    ...(harm.metric === "precision" ? ["The recall is unknown until images are reviewed."] : []),
    ...(measured ? [] : [`The confidences of ${model} were not calibrated on labeled items.`]),
    ...newClasses(new Set(classes.map(([name]) => name)), window),
    ...(outside > MAX_OUTSIDE
      ? [
          `${(100 * outside).toFixed(0)} % of the inputs are unlike all of the baseline, so the true ${harm.metric} may be lower than the estimate.`,
        ]
      : []),
  ];
  return doubts.length === 0 ? { harm } : { harm, harmUnknown: doubts.join(" ") };
}

/**
 * Confidences of boxes are no probabilities, and one temperature cannot make them so. Their error on the held-out items is
 * subtracted: the estimate moves from the measured precision by as much as the mean confidence moves.
 */
function estimateChange(before: ExpectedData, after: ExpectedData, measured: number) {
  const [known, current] = [expectedMean(before), expectedMean(after)];
  return (
    known &&
    current && {
      value: measured + current.value - known.value,
      standardError: Math.hypot(known.standardError, current.standardError),
    }
  );
}

function newClasses(known: ReadonlySet<string>, { classes }: Window): string[] {
  const found = classes
    .toJSON()
    .filter(([name, count]) => name !== NO_CLASS && !known.has(name) && count > MAX_NEW_CLASS * classes.total)
    .map(([name]) => name);
  return found.length === 0 ? [] : [`The baseline has no prediction of ${found.join(", ")}.`];
}

const limit = (value: number) => Math.min(Math.max(value, 0), 1);
