// Reads the facts of a decision: runs, labels and spending since the last training, drift and accuracy.
import { byName } from "@sluice/models/index.ts";
import type { DomainEvent, StoredEventType } from "../events.ts";
import { listEvents } from "../event/list.ts";
import { listRuns } from "../training/read.ts";
import { hasEnded, type TrainingRun } from "../training/training.ts";
import type { Facts } from "./decide.ts";

/** A model has tens of runs a month at most. */
const MAX_RUNS = 100;
/** Older drift and low accuracy say nothing about today's predictions. */
const URGENT_MS = 30 * 86_400_000;

export async function readFacts(model: string, now: number): Promise<Facts> {
  const declared = byName(model)?.retrain;
  if (!declared) return { now, labels: { count: 0, newest: "" }, spent: 0 };
  const { items: runs } = await listRuns({ model, limit: MAX_RUNS });
  const lastJob = runs.find(({ submittedAt }) => submittedAt !== undefined);
  const latest = runs[0];
  const since = after(lastJob?.createdAt);
  const urgentSince = [since, new Date(now - URGENT_MS).toISOString()]
    .filter((from) => from !== undefined)
    .toSorted();
  const [drift, accuracy] = await Promise.all([
    newest(model, "drift.detected", urgentSince.at(-1)!, now),
    newest(model, "accuracy.low", urgentSince.at(-1)!, now),
  ]);
  const isCurrent = accuracy && accuracy.to > (lastJob?.createdAt ?? "");
  const began = [drift?.from, isCurrent ? accuracy.from : undefined].filter((from) => from !== undefined);
  const { recent: recentLabels, ...labels } = await labelsSince(model, since, began.toSorted()[0], now);
  return {
    now,
    declared,
    ...(began.length > 0 && { recentLabels }),
    running: runs.find(({ status }) => !hasEnded(status)),
    lastJob,
    failed: latest === lastJob ? undefined : latest,
    labels,
    spent: spentInMonth(runs, now),
    drift,
    // Truth may arrive weeks later: a week before the last job is about an older version.
    accuracy: isCurrent ? accuracy : undefined,
  };
}

const after = (instant: string | undefined) => instant && new Date(Date.parse(instant) + 1).toISOString();

async function newest<Type extends StoredEventType>(model: string, type: Type, from: string, now: number) {
  const { items } = await listEvents({ subject: model, type, from, limit: 1 }, now);
  return items[0]?.detail as DomainEvent<Type>["detail"] | undefined;
}

function spentInMonth(runs: TrainingRun[], now: number): number {
  const month = new Date(now).toISOString().slice(0, 7);
  return runs
    .filter(({ createdAt }) => createdAt.startsWith(month))
    .reduce((sum, { cost }) => sum + (cost?.dollars ?? 0), 0);
}

/**
 * Labels added or changed, by their events. Labels that arrive during a run count for the next one, though the run may
 * have used some: one training too early is better than a lost label. `recent`: those of them from `recentFrom` on.
 */
async function labelsSince(
  model: string,
  from: string | undefined,
  recentFrom: string | undefined,
  now: number,
): Promise<Facts["labels"] & { recent: number }> {
  let [count, recent] = [0, 0];
  let newestAt = "";
  let cursor: string | undefined;
  do {
    const page = await listEvents({ model, type: "labels.changed", from, limit: 200, cursor }, now);
    for (const { detail, at } of page.items) {
      const changed = Number(detail["added"]) + Number(detail["changed"]);
      count += changed;
      if (recentFrom !== undefined && at >= recentFrom) recent += changed;
      if (at > newestAt) newestAt = at;
    }
    cursor = page.cursor;
  } while (cursor);
  return { count, newest: newestAt, recent };
}
