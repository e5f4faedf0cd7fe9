// Reads one bucket of an index, newest first, with filters. Its partitions are read at once and merged.
import { db } from "../db.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { toPrediction } from "./record.ts";
import type { Prediction, Status } from "./prediction.ts";
import { shardsOf } from "./shard.ts";

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

export async function readRange(filters: Filters, where: Where): Promise<Range> {
  const { after, limit } = where;
  const low = filters.from ? { at: iso(filters.from), id: "" } : oldest;
  const high = after ?? (filters.to ? { at: iso(filters.to), id: "" } : newest);
  // DynamoDB rejects a reversed range, which a forged cursor may request.
  if (high.at < low.at) return { items: [] };
  const shards = await Promise.all(
    shardsOf(where.bucket).map((bucket, index) =>
      readShard(filters, { bucket, low, high, limit: index === 0 ? limit + 1 : shareOf(limit) }),
    ),
  );
  // A partition may end early, at its share or at 1 MB: what others have beyond that point comes with the next page.
  const stop = shards.map((shard) => shard.stop).reduce(newerOf);
  const unseen = shards
    .flatMap(({ items }) => items)
    // `between` includes its ends.
    .filter((item) => item.id !== after?.id && (!stop || compare(boundOf(item), stop) >= 0))
    .toSorted((a, b) => compare(boundOf(b), boundOf(a)));
  const items = unseen.slice(0, limit);
  const last = items.at(-1);
  const more = unseen.length > limit && last;
  return { items: items.map(toPrediction), after: more ? boundOf(last) : stop };
}

/** A partition's part of a page is about an eighth. More than this share makes the page short, which is allowed. */
const shareOf = (limit: number) => Math.min(limit + 1, Math.ceil(limit / 4) + 8);

interface ShardRange {
  bucket: string;
  low: Bound;
  high: Bound;
  limit: number;
}

/** `stop`: where DynamoDB stopped. Absent at the end of the partition. */
async function readShard(
  filters: Filters,
  { bucket, low, high, limit }: ShardRange,
): Promise<{ items: PredictionItem[]; stop?: Bound }> {
  const { model, status } = filters;
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
    .go({ order: "desc", pager: "raw", ...(selective(filters) ? {} : { limit }) });
  return { items: data, stop: cursor ? stoppedAt(cursor) : undefined };
}

const boundOf = ({ createdAt, id }: PredictionItem): Bound => ({ at: createdAt, id });
/** As DynamoDB sorts: by bytes, and all of these are ASCII. */
const compare = (one: Bound, other: Bound) => {
  const [a, b] = [`${one.at}#id_${one.id}`, `${other.at}#id_${other.id}`];
  return a < b ? -1 : Number(a > b);
};
const newerOf = (one: Bound | undefined, other: Bound | undefined) =>
  one && other ? (compare(one, other) > 0 ? one : other) : (one ?? other);
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
