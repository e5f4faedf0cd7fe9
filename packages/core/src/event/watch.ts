// What happens, as it happens: one query of the month's line each turn.
import { db } from "../db.ts";
import { real, type Surroundings } from "../inference/retry.ts";
import { firstId } from "../util/ordered-id.ts";
import type { EventItem } from "./event.entity.ts";
import { toHappening, type Happening } from "./list.ts";

/** An index follows its table with a delay, and workers' clocks differ: each turn looks back this far. */
const overlapMs = 5_000;
const pollMs = 1_000;

interface Watch {
  /** ISO instant to begin at. */
  since: string;
  model?: string;
  signal?: AbortSignal;
}

export async function* watchEvents(
  { since, model, signal }: Watch,
  around: Surroundings = real,
): AsyncGenerator<Happening> {
  const seen = new Map<string, number>();
  const begin = Date.parse(since);
  let from = begin;
  while (!signal?.aborted) {
    const turn = around.now();
    for await (const item of happened(from - overlapMs, turn)) {
      if (seen.has(item.id)) continue;
      const at = Date.parse(item.at);
      seen.set(item.id, at);
      if (at >= begin && (!model || item.model === model)) yield toHappening(item);
    }
    // Asked for the future, it waits for it.
    from = Math.max(from, turn - overlapMs);
    for (const [id, at] of seen) if (at < from - overlapMs) seen.delete(id);
    await around.sleep(pollMs);
  }
}

/** Oldest first, each month's line after the one before. */
async function* happened(from: number, now: number): AsyncGenerator<EventItem> {
  const monthOf = (ms: number) => new Date(ms).toISOString().slice(0, 7);
  const last = monthOf(Math.max(from, now));
  for (
    let month = monthOf(from);
    month <= last;
    month = monthOf(Date.parse(`${month}-28T00:00:00Z`) + 5 * 86_400_000)
  ) {
    let cursor: string | null = null;
    do {
      const page: { data: EventItem[]; cursor: string | null } = await db()
        .entities.event.query.byTime({ month })
        .gte({ id: firstId("evt", from) })
        .go({ cursor });
      yield* page.data;
      cursor = page.cursor;
    } while (cursor);
  }
}
