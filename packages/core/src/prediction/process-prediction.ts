// Processes one claimed prediction, from its bytes to the fields of its record.
import { toSluiceError, type SluiceError } from "../error/error.ts";
import { type Captured, isCaptured, referenceInput } from "../inference/capture.ts";
import { confidencesOf, summarizeResult } from "../inference/document.ts";
import { infer } from "../inference/infer.ts";
import { fetchObject } from "../object/fetch.ts";
import { storeResult } from "../object/store.ts";
import type { Runtime } from "../util/runtime.ts";
import type { NewPrediction } from "./new-prediction.ts";
import { failureOf, type PredictionOutcome } from "./write-outcomes.ts";
import { resultKey } from "./keys.ts";
import type { Status, Timings } from "./prediction.ts";

export interface PredictionTask {
  prediction: NewPrediction;
  /** Epoch ms by which the prediction must be done. */
  deadline: number;
  /** The queue delivers it no more: a transient error is a failure now. */
  last: boolean;
}

export interface ProcessedPrediction {
  task: PredictionTask;
  outcome: PredictionOutcome;
  captured?: Captured;
  /** The message is done; otherwise the queue delivers it again, or moves it to the dead letters. */
  acknowledged: boolean;
  error?: SluiceError;
}

/** Without an endpoint the prediction waits instead of failing. */
const waitsFor = new Set(["ENDPOINT_NOT_FOUND", "ENDPOINT_NOT_IN_SERVICE"]);

export async function processPrediction(
  task: PredictionTask,
  runtime: Runtime,
): Promise<ProcessedPrediction> {
  const { prediction, deadline } = task;
  const { id, model, source, createdAt, uploadedAt } = prediction;
  const startedAt = runtime.now();
  const spent: Timings = { queueMs: Math.max(0, startedAt - Date.parse(uploadedAt)) };
  try {
    const { bytes } = await fetchObject(source, model.accepts.maxBytes);
    spent.fetchMs = runtime.now() - startedAt;
    const done = await infer({ id, model, source, bytes, spent, startedAt, deadline }, runtime);
    const { result } = done;
    const key = resultKey(model.name, createdAt, id);
    const storing = runtime.now();
    await storeResult(key, JSON.stringify(result), "application/json");
    const finished = runtime.now();
    const timings = { ...result.timings, storeMs: finished - storing, totalMs: finished - startedAt };
    return {
      task,
      acknowledged: true,
      outcome: {
        prediction: { ...prediction, source: result.source },
        endpoint: done.endpoint,
        status: result.gate.passed ? "completed" : "rejected",
        modelVersion: result.modelVersion,
        fallbackFrom: done.fallbackFrom,
        summary: { ...summarizeResult(result), ...(done.embedding && { embedding: done.embedding }) },
        image: "image" in result ? result.image : undefined,
        timings,
        resultKey: key,
        confidences: confidencesOf(result),
      },
      captured: isCaptured(id, model.captureShare)
        ? {
            id,
            endpoint: done.endpoint,
            variant: done.variant,
            input: referenceInput(result.source),
            response: done.body,
            at: done.at,
          }
        : undefined,
    };
  } catch (thrown) {
    const timings = { ...spent, totalMs: runtime.now() - startedAt };
    return failedPrediction(task, toSluiceError(thrown), timings);
  }
}

/** Replaces a successful outcome that could not be captured. */
export const discardOutcome = ({ task, outcome }: ProcessedPrediction, error: SluiceError) =>
  failedPrediction(task, error, outcome.timings);

function failedPrediction(
  task: PredictionTask,
  error: SluiceError,
  timings: Timings | undefined,
): ProcessedPrediction {
  const failed = (acknowledged: boolean, status: Status): ProcessedPrediction => ({
    task,
    acknowledged,
    error,
    outcome: {
      prediction: task.prediction,
      error: failureOf(error),
      modelVersion: status === "failed" ? (error.details["modelVersion"] as string | undefined) : undefined,
      timings,
      status,
    },
  });
  if (waitsFor.has(error.code)) return failed(true, "pending");
  if (error.kind === "user") return failed(true, "failed");
  // The queue retries a transient error. Any other error fails now, and its message goes to the dead letters.
  return failed(false, error.retryable && !task.last ? "processing" : "failed");
}
