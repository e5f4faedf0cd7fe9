// What a change probably costs: the accuracy that calibrated confidences let expect.
import type { Baseline } from "./baseline.ts";
import { estimateExpected } from "./expected.ts";
import type { Finding } from "./finding.ts";
import type { Window } from "./window.ts";

/** Beyond this AUC nearly every input is unlike those that the confidences were calibrated on. */
const UNSUPPORTED_AUC = 0.95;

export interface Harm {
  metric: "accuracy" | "precision";
  /** Measured on the held-out items, if they are labeled. */
  baseline?: number;
  estimated: number;
  /** Sampling error at 95 %. */
  low: number;
  high: number;
}

export function estimateHarm(
  { measured, model, window: { classes } }: Baseline,
  window: Window,
  findings: readonly Finding[],
): { harm?: Harm; harmUnknown?: string } {
  const expected = estimateExpected(window.expected);
  if (!expected)
    return { harmUnknown: "The predictions have no confidences to estimate their accuracy from." };
  const metric = measured?.metric ?? "accuracy";
  const harm: Harm = {
    metric,
    ...(measured && { baseline: measured.value }),
    estimated: expected.value,
    low: expected.low,
    high: expected.high,
  };
  const doubts = [
    ...(metric === "precision" ? ["The recall is unknown until images are reviewed."] : []),
    ...(measured ? [] : [`The confidences of ${model} were not calibrated on labeled items.`]),
    ...newClasses(new Set(classes.map(([name]) => name)), window),
    ...unsupported(findings),
  ];
  return doubts.length === 0 ? { harm } : { harm, harmUnknown: doubts.join(" ") };
}

function newClasses(known: ReadonlySet<string>, { classes }: Window): string[] {
  const found = classes.toJSON().flatMap(([name]) => (known.has(name) ? [] : [name]));
  return found.length === 0 ? [] : [`The baseline has no prediction of ${found.join(", ")}.`];
}

function unsupported(findings: readonly Finding[]): string[] {
  const auc = findings.find(({ test }) => test === "classifier")?.effect ?? 0;
  return auc < UNSUPPORTED_AUC
    ? []
    : ["The inputs are unlike those of the baseline, so the true accuracy may be lower than the estimate."];
}
