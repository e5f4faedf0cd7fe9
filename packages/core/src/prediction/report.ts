import { log } from "../log.ts";
import { predictionMetrics } from "../metrics/metrics.ts";
import type { Runtime } from "../util/runtime.ts";
import type { ProcessedPrediction } from "./process-prediction.ts";

/** Writes the log line and the metrics of a prediction. */
export function reportOutcome({ outcome, error }: ProcessedPrediction, runtime: Runtime): void {
  const { prediction, status, summary, resultKey, timings } = outcome;
  const fields = {
    prediction: prediction.id,
    model: prediction.model.name,
    key: prediction.source.key,
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
  runtime.print(predictionMetrics(outcome, runtime.now()));
}
