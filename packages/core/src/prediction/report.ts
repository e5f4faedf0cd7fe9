import { log } from "../log.ts";
import { predictionMetrics } from "../metrics/metrics.ts";
import type { Runtime } from "../util/runtime.ts";
import type { Outcome } from "./work.ts";

/** Writes the log line and the metrics of a prediction. */
export function report({ ending, error }: Outcome, runtime: Runtime): void {
  const { candidate, status, summary, resultKey, timings } = ending;
  const fields = {
    prediction: candidate.id,
    model: candidate.model.name,
    key: candidate.source.key,
    status,
    resultKey,
    confidence: summary?.confidence,
    countPerClass: summary?.countPerClass,
    timings,
  };
  if (error) {
    const level = error.kind === "user" || status === "pending" ? "warn" : "error";
    log()[level](error.message, { ...fields, code: error.code, hint: error.hint });
  } else log().info("Predicted", fields);
  runtime.print(predictionMetrics(ending, runtime.now()));
}
