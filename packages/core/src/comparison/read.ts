// Reads a model's predictions of a period, newest first: one query for the days, then the pages of each day.
import { db } from "../db.ts";
import { readRange, type Bound } from "../prediction/range.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { dayOf } from "../table.ts";

/** About 6 MB of records. */
export const MAX_READ = 5_000;
const PER_QUERY = 1_000;

interface Period {
  model: string;
  from: string;
  to: string;
}

export async function readPeriod(
  { model, from, to }: Period,
  limit = MAX_READ,
): Promise<{ items: Prediction[]; complete: boolean }> {
  const { data } = await db()
    .entities.day.query.byModel({ model })
    .between({ day: dayOf(from) }, { day: dayOf(to) })
    .go({ pages: "all", order: "desc" });
  const items: Prediction[] = [];
  for (const { day } of data) {
    let after: Bound | undefined;
    do {
      if (items.length >= limit) return { items, complete: false };
      const size = Math.min(PER_QUERY, limit - items.length);
      const page = await readRange({ model, from, to }, { bucket: day, after, limit: size });
      items.push(...page.items);
      after = page.after;
    } while (after);
  }
  return { items, complete: true };
}
