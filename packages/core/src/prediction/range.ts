// Reads one bucket of an index, newest first, with filters.
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
  /** The last item read; absent at the end of the bucket. */
  after?: Bound;
}

/** Above every id and every instant. */
const newest: Bound = { at: "9999", id: "~" };
const oldest: Bound = { at: "", id: "" };

export async function readRange(filters: Filters, { bucket, after, limit }: Where): Promise<Range> {
  const { model, status } = filters;
  const low = filters.from ? { at: iso(filters.from), id: "" } : oldest;
  const high = after ?? (filters.to ? { at: iso(filters.to), id: "" } : newest);
  // DynamoDB rejects a reversed range, which a forged cursor may request.
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
    // DynamoDB filters after the limit: with a filter, a whole page (1 MB) is read instead.
    .go({ order: "desc", pager: "raw", ...(selective(filters) ? {} : { limit: limit + 1 }) });
  // `between` includes its ends.
  const unseen = data.filter((item) => item.id !== after?.id);
  const items = unseen.slice(0, limit);
  const last = items.at(-1);
  if (unseen.length > limit && last) return page(items, { at: last.createdAt, id: last.id });
  return page(items, cursor ? stoppedAt(cursor) : undefined);
}

const page = (items: PredictionItem[], after?: Bound): Range => ({ items: items.map(toPrediction), after });
const key = ({ at, id }: Bound) => ({ createdAt: at, id });
const iso = (instant: string) => new Date(instant).toISOString();
const selective = ({ class: name, minConfidence, maxConfidence }: Filters) =>
  [name, minConfidence, maxConfidence].some((filter) => filter !== undefined);

/** The position where DynamoDB stopped, from the sort key of the index. */
function stoppedAt(cursor: unknown): Bound | undefined {
  const keys = cursor as Record<string, string>;
  const found = /#createdAt_(.+)#id_(.+)$/.exec(keys.gsi2sk ?? keys.gsi1sk ?? "");
  return found ? { at: found[1]!, id: found[2]! } : undefined;
}
