// What changes, as it changes: one query of the change line each turn.
import { db } from "../db.ts";
import { dayOf } from "../table.ts";
import { real, type Surroundings } from "../inference/retry.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { toPrediction } from "./record.ts";
import type { Prediction } from "./prediction.ts";

/** An index follows its table with a delay, and workers' clocks differ: each turn looks back this far. */
const overlapMs = 5_000;
const pollMs = 1_000;

interface Watch {
  /** ISO instant to begin at. */
  since: string;
  model?: string;
  signal?: AbortSignal;
}

export async function* watch(
  { since, model, signal }: Watch,
  around: Surroundings = real,
): AsyncGenerator<Prediction> {
  const seen = new Map<string, string>();
  let from = since;
  while (!signal?.aborted) {
    for (const item of await changesFrom(from, around.now())) {
      if (seen.get(item.id) === item.changedAt) continue;
      seen.set(item.id, item.changedAt);
      if (item.changedAt > from) from = item.changedAt;
      if (item.changedAt >= since && (!model || item.model === model)) yield toPrediction(item);
    }
    const horizon = back(from);
    for (const [id, at] of seen) if (at < horizon) seen.delete(id);
    await around.sleep(pollMs);
  }
}

const back = (iso: string) => new Date(Date.parse(iso) - overlapMs).toISOString();

/** Oldest first; over midnight the new day's line follows the old one's. */
async function changesFrom(from: string, now: number): Promise<PredictionItem[]> {
  const start = back(from);
  const days = new Set([dayOf(start), dayOf(new Date(now).toISOString())]);
  const pages = await Promise.all(
    [...days].map((changedDay) =>
      db().entities.prediction.query.byChange({ changedDay }).gte({ changedAt: start }).go({ limit: 500 }),
    ),
  );
  return pages.flatMap((page) => page.data);
}
