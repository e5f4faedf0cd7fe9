// Processes one claimed prediction, from its bytes to the fields of its record.
import { toSluiceError, type SluiceError } from "../error/error.ts";
import type { Captured } from "../inference/capture.ts";
import { confidencesOf, summaryOf } from "../inference/document.ts";
import { infer } from "../inference/infer.ts";
import { fetchObject } from "../object/fetch.ts";
import { storeResult } from "../object/store.ts";
import type { Runtime } from "../util/runtime.ts";
import type { Candidate } from "./candidate.ts";
import { failureOf, type Ending } from "./finish.ts";
import { resultKey } from "./keys.ts";
import type { Status, Timings } from "./prediction.ts";

export interface Work {
  candidate: Candidate;
  /** Epoch ms by which the prediction must be done. */
  deadline: number;
  /** The queue delivers it no more: a transient error is a failure now. */
  last: boolean;
}

export interface Outcome {
  work: Work;
  ending: Ending;
  captured?: Captured;
  /** The message is done; otherwise the queue delivers it again, or moves it to the dead letters. */
  acknowledged: boolean;
  error?: SluiceError;
}

/** Without an endpoint the prediction waits instead of failing. */
const waitsFor = new Set(["ENDPOINT_NOT_FOUND", "ENDPOINT_NOT_IN_SERVICE"]);

export async function work(work: Work, runtime: Runtime): Promise<Outcome> {
  const { candidate, deadline } = work;
  const { id, model, source, createdAt, uploadedAt } = candidate;
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
      work,
      acknowledged: true,
      ending: {
        candidate: { ...candidate, source: result.source },
        endpoint: done.endpoint,
        status: result.gate.passed ? "completed" : "rejected",
        modelVersion: result.modelVersion,
        summary: summaryOf(result),
        image: "image" in result ? result.image : undefined,
        timings,
        resultKey: key,
        confidences: confidencesOf(result),
      },
      captured: {
        id,
        endpoint: done.endpoint,
        variant: done.variant,
        source: result.source,
        contentType: done.contentType,
        text: model.task === "text-classification" ? Buffer.from(bytes).toString("utf8") : undefined,
        response: done.body,
        at: done.at,
      },
    };
  } catch (thrown) {
    const timings = { ...spent, totalMs: runtime.now() - startedAt };
    return failedOutcome(work, toSluiceError(thrown), timings);
  }
}

/** Discards a successful outcome that could not be captured. */
export const failOutcome = ({ work, ending }: Outcome, error: SluiceError) =>
  failedOutcome(work, error, ending.timings);

function failedOutcome(work: Work, error: SluiceError, timings: Timings | undefined): Outcome {
  const outcome = (acknowledged: boolean, status: Status): Outcome => ({
    work,
    acknowledged,
    error,
    ending: { candidate: work.candidate, error: failureOf(error), timings, status },
  });
  if (waitsFor.has(error.code)) return outcome(true, "pending");
  if (error.kind === "user") return outcome(true, "failed");
  // The queue retries a transient error. Any other error fails now, and its message goes to the dead letters.
  return outcome(false, error.retryable && !work.last ? "processing" : "failed");
}
