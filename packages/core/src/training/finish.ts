// A run that ends without a job having said so: stopped or failed before there was one.
import { commit } from "../event/record.ts";
import { told } from "./told.ts";
import type { TrainingRunItem } from "./training.entity.ts";
import { finalRank, rank, type TrainingRun } from "./training.ts";
import { toRun } from "./read.ts";

interface End {
  status: "Stopped" | "Failed";
  reason?: string;
  /** Also when a job was asked for: it is known that there is none. */
  submitted?: boolean;
}

/** Nothing when the run has moved on: then it ends as its job ends. */
export async function finish(
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
    ...(reason !== undefined && { failureReason: reason.slice(0, 1_024) }),
  };
  const after = { ...before, ...change };
  const done = await commit([told(after)], now, ({ trainingRun }) => [
    trainingRun
      .update({ name: before.name })
      .set(change)
      .where((is, { lt, eq, notExists }) =>
        submitted ? lt(is.rank, finalRank) : `${eq(is.status, "Preparing")} AND ${notExists(is.submittedAt)}`,
      )
      .commit(),
  ]);
  return done ? toRun(after) : undefined;
}
