// One bucket of a time line, newest first, with its filters.
import { db } from "../db.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { toPrediction } from "./record.ts";
import type { Prediction, Status } from "./prediction.ts";

export interface Bound {
  at: string;
  id: string;
}

export interface Filters {
  model: string;
  status?: Status;
  class?: string;
  minConfidence?: number;
  maxConfidence?: number;
  from?: string;
  to?: string;
}

interface Where {
  bucket: string;
  after?: Bound;
  limit: number;
}

export interface Range {
  items: Prediction[];
  /** Where to go on; absent when the bucket is read to its end. */
  after?: Bound;
}

/** Above every id and every instant: the newest end of a time line. */
const newest: Bound = { at: "9999", id: "~" };
const oldest: Bound = { at: "", id: "" };

export async function readRange(filters: Filters, { bucket, after, limit }: Where): Promise<Range> {
  const { model, status } = filters;
  const low = filters.from ? { at: iso(filters.from), id: "" } : oldest;
  const high = after ?? (filters.to ? { at: iso(filters.to), id: "" } : newest);
  // DynamoDB refuses a range that ends before it begins; a forged cursor can ask for one.
  if (high.at < low.at) return { items: [] };
  const { prediction } = db().entities;
  const line = status
    ? prediction.query.byStatus({ model, status, bucket }).between(key(low), key(high))
    : prediction.query.byTime({ model, day: bucket }).between(key(low), key(high));
  const { data, cursor } = await line
    .where((is, { eq, gte, lte }) =>
      [
        filters.class === undefined ? "" : eq(is.class, filters.class),
        filters.minConfidence === undefined ? "" : gte(is.confidence, filters.minConfidence),
        filters.maxConfidence === undefined ? "" : lte(is.confidence, filters.maxConfidence),
      ]
        .filter(Boolean)
        .join(" AND "),
    )
    // A filter is applied after the limit: with one, a whole read (1 MB) is looked through instead.
    .go({ order: "desc", pager: "raw", ...(selective(filters) ? {} : { limit: limit + 1 }) });
  // `between` includes its ends; the one already seen is left out.
  const fresh = (data as PredictionItem[]).filter((item) => item.id !== after?.id);
  const items = fresh.slice(0, limit);
  const last = items.at(-1);
  if (fresh.length > limit && last) return page(items, { at: last.createdAt, id: last.id });
  return page(items, cursor ? stoppedAt(cursor) : undefined);
}

const page = (items: PredictionItem[], after?: Bound): Range => ({ items: items.map(toPrediction), after });
const key = ({ at, id }: Bound) => ({ createdAt: at, id });
const iso = (instant: string) => new Date(instant).toISOString();
const selective = ({ class: name, minConfidence, maxConfidence }: Filters) =>
  [name, minConfidence, maxConfidence].some((filter) => filter !== undefined);

/** Where DynamoDB stopped, read from the index's own sort key. */
function stoppedAt(cursor: unknown): Bound | undefined {
  const keys = cursor as Record<string, string>;
  const found = /#createdAt_(.+)#id_(.+)$/.exec(keys.gsi2sk ?? keys.gsi1sk ?? "");
  return found ? { at: found[1]!, id: found[2]! } : undefined;
}
