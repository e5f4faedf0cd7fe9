// Lists a model's predictions, newest first: at most one query for the day, and one for each of its partitions.
import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { dayOf } from "../table.ts";
import { fn } from "../util/fn.ts";
import { open } from "./new-prediction.ts";
import { decodeCursor, encodeCursor, type Position } from "../util/cursor.ts";
import { readRange, type Bound } from "./range.ts";
import { isFinal, Status, type Prediction } from "./prediction.ts";

export const ListQuery = z.object({
  model: z.string(),
  status: Status.optional(),
  class: z.string().optional(),
  minConfidence: z.coerce.number().min(0).max(1).optional(),
  maxConfidence: z.coerce.number().min(0).max(1).optional(),
  /** Uploaded at or after, and before: ISO instants. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional(),
});
export type ListQuery = z.output<typeof ListQuery>;

export interface Page {
  items: Prediction[];
  /** Continues the list; absent at its end. A page may be short at the end of a day or with filters. */
  cursor?: string;
}

export const listPredictions = fn(ListQuery, async ({ cursor, limit, ...query }): Promise<Page> => {
  getModel(query.model);
  if (query.from && query.to && Date.parse(query.from) > Date.parse(query.to)) {
    throw new SluiceError("INPUT_INVALID", `from: ${query.from} is after to, ${query.to}.`);
  }
  const position = cursor ? decodeCursor(cursor, query) : undefined;
  const bucket = await bucketOf(query, position);
  if (!bucket) return { items: [] };
  const { items, after } = await readRange(query, { ...bucket, limit });
  if (after) return { items, cursor: encodeCursor({ ...bucket, after }, query) };
  const { next } = bucket;
  return { items, cursor: next === undefined ? undefined : encodeCursor({ bucket: next }, query) };
});

type Filters = Omit<ListQuery, "limit" | "cursor">;

/** The open bucket, the day of the cursor, or the newest day that has predictions. */
async function bucketOf(
  query: Filters,
  position: Position | undefined,
): Promise<(Position & { after?: Bound }) | undefined> {
  if (query.status && !isFinal(query.status)) return position ?? { bucket: open };
  if (position?.after) return position;
  const from = query.from && dayOf(new Date(query.from).toISOString());
  const to = position?.bucket ?? (query.to ? dayOf(new Date(query.to).toISOString()) : "9999");
  const { data } = await db()
    .entities.day.query.byModel({ model: query.model })
    .lte({ day: to })
    .go({ limit: 2, order: "desc" });
  const [day, next] = data.map((mark) => mark.day).filter((day) => !from || day >= from);
  return day === undefined ? undefined : { bucket: day, next };
}
