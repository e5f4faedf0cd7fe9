// What changes, as it changes: one query of the change line each turn, more only while there is more than a page.
import { db } from "../db.ts";
import { dayOf } from "../table.ts";
import { real, type Surroundings } from "../inference/retry.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { toPrediction } from "./record.ts";
import type { Prediction } from "./prediction.ts";

/** An index follows its table with a delay, and workers' clocks differ: each turn looks back this far. */
const overlapMs = 5_000;
const pollMs = 1_000;
/** A change older than this turns up no more: a quiet line need not be read from its beginning each turn. */
const settledMs = 60_000;
const pageItems = 500;
const DAY_MS = 86_400_000;

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
    const settled = isoOf(around.now() - settledMs);
    for await (const item of changesFrom(from, around.now())) {
      if (seen.get(item.id) === item.changedAt) continue;
      seen.set(item.id, item.changedAt);
      if (item.changedAt > from) from = item.changedAt;
      if (item.changedAt >= since && (!model || item.model === model)) yield toPrediction(item);
    }
    if (settled > from) from = settled;
    const horizon = back(from);
    for (const [id, at] of seen) if (at < horizon) seen.delete(id);
    await around.sleep(pollMs);
  }
}

const isoOf = (ms: number) => new Date(ms).toISOString();
const back = (iso: string) => isoOf(Date.parse(iso) - overlapMs);

interface Changes {
  data: PredictionItem[];
  cursor: string | null;
}

/** Oldest first, each day's line after the one before. */
async function* changesFrom(from: string, now: number): AsyncGenerator<PredictionItem> {
  const start = back(from);
  for (let at = Date.parse(dayOf(start)); at <= now; at += DAY_MS) {
    let cursor: string | null = null;
    do {
      const page: Changes = await db()
        .entities.prediction.query.byChange({ changedDay: dayOf(isoOf(at)) })
        .gte({ changedAt: start })
        .go({ limit: pageItems, cursor });
      yield* page.data;
      cursor = page.cursor;
    } while (cursor);
  }
}
