// Streams stored events: one query of the month's index partition per turn.
import { db } from "../db.ts";
import { allItems } from "../util/page.ts";
import { systemRuntime, type Runtime } from "../util/runtime.ts";
import { firstId } from "../util/ordered-id.ts";
import type { EventItem } from "./event.entity.ts";
import { toEventRecord, type EventRecord } from "./list.ts";

/** An index is updated with a delay, and workers' clocks differ: each turn reads this far back. */
const OVERLAP_MS = 5_000;
const POLL_MS = 1_000;

interface Watch {
  /** ISO instant to start at. */
  since: string;
  model?: string;
  signal?: AbortSignal;
}

export async function* watchEvents(
  { since, model, signal }: Watch,
  runtime: Runtime = systemRuntime,
): AsyncGenerator<EventRecord> {
  const seen = new Map<string, number>();
  const begin = Date.parse(since);
  let from = begin;
  while (!signal?.aborted) {
    const turn = runtime.now();
    for await (const item of eventsFrom(from - OVERLAP_MS, turn)) {
      if (seen.has(item.id)) continue;
      const at = Date.parse(item.at);
      seen.set(item.id, at);
      if (at >= begin && (!model || item.model === model)) yield toEventRecord(item);
    }
    // `since` may be in the future.
    from = Math.max(from, turn - OVERLAP_MS);
    for (const [id, at] of seen) if (at < from - OVERLAP_MS) seen.delete(id);
    await runtime.sleep(POLL_MS);
  }
}

/** Oldest first, month by month. */
async function* eventsFrom(from: number, now: number): AsyncGenerator<EventItem> {
  const monthOf = (ms: number) => new Date(ms).toISOString().slice(0, 7);
  const last = monthOf(Math.max(from, now));
  for (
    let month = monthOf(from);
    month <= last;
    month = monthOf(Date.parse(`${month}-28T00:00:00Z`) + 5 * 86_400_000)
  )
    yield* allItems((cursor) =>
      db()
        .entities.event.query.byTime({ month })
        .gte({ id: firstId("evt", from) })
        .go({ cursor }),
    );
}
