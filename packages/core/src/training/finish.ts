// Ends a run without a job's own end: it was stopped or failed before the job existed.
import { commit } from "../event/record.ts";
import { toRun } from "./read.ts";
import type { TrainingRunItem } from "./training.entity.ts";
import { changedEvent } from "./training.event.ts";
import { finalRank, rank, type TrainingRun } from "./training.ts";

export const stoppedBeforeJob = "Stopped before its job started.";
/** Characters, as in SageMaker. */
export const MAX_REASON = 1_024;

interface End {
  status: "Stopped" | "Failed";
  reason: string;
  /** End the run even if a job was requested, because the job is known not to exist. */
  submitted?: boolean;
}

/** Undefined when the run has moved on: then it ends with its job. */
export async function finishRun(
  before: TrainingRunItem,
  { status, reason, submitted = false }: End,
  now: number,
): Promise<TrainingRun | undefined> {
  const at = new Date(now).toISOString();
  const change = {
    status,
    rank: rank[status],
    changedAt: at,
    finishedAt: at,
    active: "no" as const,
    failureReason: reason.slice(0, MAX_REASON),
  };
  const after = { ...before, ...change };
  const written = await commit([changedEvent(after)], now, ({ trainingRun }) => [
    trainingRun
      .update({ name: before.name })
      .set(change)
      .where((is, { lt, eq, notExists }) =>
        submitted ? lt(is.rank, finalRank) : `${eq(is.status, "Preparing")} AND ${notExists(is.submittedAt)}`,
      )
      .commit(),
  ]);
  return written ? toRun(after) : undefined;
}
