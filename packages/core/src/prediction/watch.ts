// Streams changed predictions: one query of the change index per turn, and one more per further page.
import { db } from "../db.ts";
import { dayOf } from "../table.ts";
import { allItems } from "../util/page.ts";
import { systemRuntime, type Runtime } from "../util/runtime.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { toPrediction } from "./record.ts";
import type { Prediction } from "./prediction.ts";

/** An index is updated with a delay, and workers' clocks differ: each turn reads this far back. */
const OVERLAP_MS = 5_000;
const POLL_MS = 1_000;
/** No change older than this can still appear, so a turn need not read further back. */
const SETTLED_MS = 60_000;
const ITEMS_PER_PAGE = 500;
const DAY_MS = 86_400_000;

interface Watch {
  /** ISO instant to start at. */
  since: string;
  model?: string;
  signal?: AbortSignal;
}

export async function* watchPredictions(
  { since, model, signal }: Watch,
  runtime: Runtime = systemRuntime,
): AsyncGenerator<Prediction> {
  const seen = new Map<string, string>();
  let from = since;
  while (!signal?.aborted) {
    const settled = isoOf(runtime.now() - SETTLED_MS);
    for await (const item of changesFrom(from, runtime.now())) {
      if (seen.get(item.id) === item.changedAt) continue;
      seen.set(item.id, item.changedAt);
      if (item.changedAt > from) from = item.changedAt;
      if (item.changedAt >= since && (!model || item.model === model)) yield toPrediction(item);
    }
    if (settled > from) from = settled;
    const horizon = back(from);
    for (const [id, at] of seen) if (at < horizon) seen.delete(id);
    await runtime.sleep(POLL_MS);
  }
}

const isoOf = (ms: number) => new Date(ms).toISOString();
const back = (iso: string) => isoOf(Date.parse(iso) - OVERLAP_MS);

/** Oldest first, day by day. */
async function* changesFrom(from: string, now: number): AsyncGenerator<PredictionItem> {
  const start = back(from);
  for (let at = Date.parse(dayOf(start)); at <= now; at += DAY_MS)
    yield* allItems((cursor) =>
      db()
        .entities.prediction.query.byChange({ changedDay: dayOf(isoOf(at)) })
        .gte({ changedAt: start })
        .go({ limit: ITEMS_PER_PAGE, cursor }),
    );
}
