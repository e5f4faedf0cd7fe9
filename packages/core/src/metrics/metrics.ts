// CloudWatch's embedded metric format: a log line that is a metric too, so measuring costs no call.
import type { Ending } from "../prediction/finish.ts";

export const namespace = "Sluice";

/**
 * CloudWatch asks 0.30 USD a month for each metric in use. Where more classes than these are declared, their counts stay
 * in the log, where a query finds them.
 */
const mostClasses = 20;

export const countedClasses = (declared: readonly string[]): readonly string[] =>
  declared.length > mostClasses ? [] : declared;

interface Unit {
  Name: string;
  Unit: "Count" | "Milliseconds" | "None";
}

/** One line a prediction: what may be aggregated as metrics, what identifies it as plain properties. */
export function predictionMetrics(ending: Ending, now: number): string {
  const { candidate, status, summary, timings, error } = ending;
  const metrics: Unit[] = [{ Name: status, Unit: "Count" }];
  const values: Record<string, unknown> = { [status]: 1 };
  const counted = countedClasses(candidate.model.classes);
  const add = (name: string, unit: Unit["Unit"], value: number | number[] | undefined) => {
    if (value === undefined) return;
    metrics.push({ Name: name, Unit: unit });
    values[name] = value;
  };
  add("processingTime", "Milliseconds", timings?.totalMs);
  add("invokeTime", "Milliseconds", timings?.invokeMs);
  add("queueTime", "Milliseconds", timings?.queueMs);
  add("confidence", "None", ending.confidences);
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
    model: candidate.model.name,
    ...values,
    prediction: candidate.id,
    modelVersion: ending.modelVersion,
    resultKey: ending.resultKey,
    errorCode: error?.code,
  });
}
