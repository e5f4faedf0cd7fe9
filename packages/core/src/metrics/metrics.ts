// CloudWatch's embedded metric format: a log line that is a metric too, so measuring costs no call.
import type { Ending } from "../prediction/finish.ts";

export const namespace = "Sluice";

/** Metrics a directive may name; a picture may show more classes. */
const perDirective = 100;

interface Unit {
  Name: string;
  Unit: "Count" | "Milliseconds" | "None";
}

/** One line a prediction: what may be aggregated as metrics, what identifies it as plain properties. */
export function predictionMetrics(ending: Ending, now: number): string {
  const { candidate, status, summary, timings, error } = ending;
  const metrics: Unit[] = [{ Name: status, Unit: "Count" }];
  const values: Record<string, unknown> = { [status]: 1 };
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
  for (const [name, count] of Object.entries(summary?.countPerClass ?? {}))
    add(`class.${name}`, "Count", count);
  if (summary?.class && !summary.countPerClass) add(`class.${summary.class}`, "Count", 1);
  const directives: Unit[][] = [];
  for (let start = 0; start < metrics.length; start += perDirective)
    directives.push(metrics.slice(start, start + perDirective));
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: directives.map((Metrics) => ({
        Namespace: namespace,
        Dimensions: [["model"]],
        Metrics,
      })),
    },
    model: candidate.model.name,
    ...values,
    prediction: candidate.id,
    modelVersion: ending.modelVersion,
    resultKey: ending.resultKey,
    errorCode: error?.code,
  });
}
