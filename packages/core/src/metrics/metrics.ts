// CloudWatch's embedded metric format: a log line that is also a metric, without a call.
import { countedClasses } from "@sluice/models/limits.ts";
import type { PredictionOutcome } from "../prediction/write-outcomes.ts";

export const namespace = "Sluice";

/** How many metrics a model may have: `predictionMetrics` sends each that applies. */
export const metricCount = ({ classes, task }: { classes: readonly string[]; task: string }): number =>
  ["completed", "rejected", "failed", "processingTime", "invokeTime", "queueTime", "confidence"].length +
  (task === "object-detection" ? 1 : 0) +
  countedClasses(classes).length;

interface Unit {
  Name: string;
  Unit: "Count" | "Milliseconds" | "None";
}

/** One line per prediction: metrics for what is aggregated, properties for what identifies it. */
export function predictionMetrics(outcome: PredictionOutcome, now: number): string {
  const { prediction, status, summary, timings, error } = outcome;
  const metrics: Unit[] = [{ Name: status, Unit: "Count" }];
  const values: Record<string, unknown> = { [status]: 1 };
  const counted = countedClasses(prediction.model.classes);
  const add = (name: string, unit: Unit["Unit"], value: number | number[] | undefined) => {
    if (value === undefined) return;
    metrics.push({ Name: name, Unit: unit });
    values[name] = value;
  };
  add("processingTime", "Milliseconds", timings?.totalMs);
  add("invokeTime", "Milliseconds", timings?.invokeMs);
  add("queueTime", "Milliseconds", timings?.queueMs);
  add("confidence", "None", outcome.confidences);
  add("detections", "Count", summary?.total);
  const shown = summary?.countPerClass ?? (summary?.class ? { [summary.class]: 1 } : {});
  for (const [name, count] of Object.entries(shown)) {
    if (counted.includes(name)) add(`class.${name}`, "Count", count);
    else values[`class.${name}`] = count;
  }
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [["model"]], Metrics: metrics }],
    },
    model: prediction.model.name,
    ...values,
    prediction: prediction.id,
    modelVersion: outcome.modelVersion,
    resultKey: outcome.resultKey,
    errorCode: error?.code,
  });
}
