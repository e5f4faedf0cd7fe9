// One claimed prediction, from its bytes to what is to be written of it.
import { toSluiceError, type SluiceError } from "../error/error.ts";
import type { Captured } from "../inference/capture.ts";
import { confidencesOf, summaryOf } from "../inference/document.ts";
import { infer } from "../inference/infer.ts";
import type { Surroundings } from "../inference/retry.ts";
import { fetchObject } from "../object/fetch.ts";
import { store } from "../object/store.ts";
import type { Candidate } from "./candidate.ts";
import { failureOf, type Ending } from "./finish.ts";
import { resultKey } from "./keys.ts";
import type { Status, Timings } from "./prediction.ts";

export interface Task {
  candidate: Candidate;
  /** Epoch ms by which everything must be said and done. */
  deadline: number;
  /** No delivery follows this one: what fails now has failed. */
  last: boolean;
}

export interface Outcome {
  task: Task;
  ending: Ending;
  captured?: Captured;
  /** Whether the message is done with; otherwise the queue delivers it again, at last to the dead letters. */
  acknowledged: boolean;
  error?: SluiceError;
}

/** An endpoint that is not there is no failure: the prediction waits for it. */
const waitsFor = new Set(["ENDPOINT_NOT_FOUND", "ENDPOINT_NOT_IN_SERVICE"]);

export async function work(task: Task, around: Surroundings): Promise<Outcome> {
  const { candidate, deadline } = task;
  const { id, model, source, createdAt, uploadedAt } = candidate;
  const startedAt = around.now();
  const spent: Timings = { queueMs: Math.max(0, startedAt - Date.parse(uploadedAt)) };
  try {
    const { bytes } = await fetchObject(source, model.accepts.maxBytes);
    spent.fetchMs = around.now() - startedAt;
    const done = await infer({ id, model, source, bytes, spent, startedAt, deadline }, around);
    const { result } = done;
    const key = resultKey(model.name, createdAt, id);
    const storing = around.now();
    await store(key, JSON.stringify(result), "application/json");
    const finished = around.now();
    const timings = { ...result.timings, storeMs: finished - storing, totalMs: finished - startedAt };
    return {
      task,
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
        answer: done.body,
        at: done.at,
      },
    };
  } catch (thrown) {
    const timings = { ...spent, totalMs: around.now() - startedAt };
    return refuse(task, toSluiceError(thrown), timings);
  }
}

/** An outcome that could not be kept: the prediction is tried again, or has failed if this was the last delivery. */
export const turnedBack = ({ task, ending }: Outcome, error: SluiceError) =>
  refuse(task, error, ending.timings);

function refuse(task: Task, error: SluiceError, timings: Timings | undefined): Outcome {
  const rest = { candidate: task.candidate, error: failureOf(error), timings };
  const outcome = (acknowledged: boolean, status: Status): Outcome => ({
    task,
    acknowledged,
    error,
    ending: { ...rest, status },
  });
  if (waitsFor.has(error.code)) return outcome(true, "pending");
  if (error.kind === "user") return outcome(true, "failed");
  // What may pass is tried again by the queue; what cannot is failed now, and its message goes on to the dead letters.
  return outcome(false, error.retryable && !task.last ? "processing" : "failed");
}
