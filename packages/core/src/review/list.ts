// Lists open reviews, model by model, newest first. The index contains open reviews only.
import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel, listModels } from "../model/model.ts";
import { decodeCursor, encodeCursor, type Position } from "../util/cursor.ts";
import type { PredictionItem } from "../prediction/prediction.entity.ts";
import { Prediction } from "../prediction/prediction.ts";
import { countLabels } from "../label/read.ts";
import { toPrediction } from "../prediction/record.ts";
import { fn } from "../util/fn.ts";
import { orderByInformation } from "./information.ts";

export const ReviewQuery = z.object({
  model: z.string().optional(),
  /** `information`: the reviews that teach the model most come first, and near-duplicates are one item. */
  order: z.enum(["time", "information"]).default("time"),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional(),
});

export const ReviewItem = Prediction.extend({
  /** Ids of near-duplicates, which are not listed. Only with `order: information`. */
  similar: z.array(z.string()).optional(),
});
export type ReviewItem = z.output<typeof ReviewItem>;

export interface ReviewPage {
  items: ReviewItem[];
  /** Request the next page with it. Absent on the last page. */
  cursor?: string;
}

/** For each page. A page may therefore be short or empty. */
const MAX_QUERIES = 2;

export const listReviews = fn(ReviewQuery, async ({ cursor, limit, ...query }): Promise<ReviewPage> => {
  const models = query.model === undefined ? listModels() : [getModel(query.model)];
  const names = models.map(({ name }) => name);
  const position: Position = cursor ? decodeCursor(cursor, query) : { bucket: names[0]! };
  let at = names.indexOf(position.bucket);
  if (at === -1) throw new SluiceError("CURSOR_INVALID", "The cursor is damaged.");
  let { after } = position;
  const items: ReviewItem[] = [];
  if (query.order === "information") {
    const read = await pageByInformation(names[at]!, Number(after?.id ?? 0), limit);
    const next = read.offset === undefined ? names[at + 1] : names[at];
    if (next === undefined) return { items: read.items };
    const place = read.offset === undefined ? undefined : { at: "", id: String(read.offset) };
    return { items: read.items, cursor: encodeCursor({ bucket: next, after: place }, query) };
  }
  for (let queries = 0; queries < MAX_QUERIES && at < names.length; queries++) {
    const read = await page(names[at]!, after, limit - items.length);
    items.push(...read.items);
    after = read.after;
    if (after) break;
    at += 1;
    if (items.length >= limit) break;
  }
  return at >= names.length
    ? { items }
    : { items, cursor: encodeCursor({ bucket: names[at]!, after }, query) };
});

async function page(model: string, after: Position["after"], limit: number) {
  const query = db().entities.prediction.query.byReview({ reviewing: model });
  const { data } = await (after ? query.lt({ reviewPlace: after.at }) : query).go({
    order: "desc",
    limit: limit + 1,
  });
  const items = (data as PredictionItem[]).slice(0, limit);
  const last = data.length > limit ? items.at(-1) : undefined;
  return { items: items.map(toPrediction), after: last && { at: last.reviewPlace!, id: last.id } };
}

/** The newest open reviews that are ordered: about one query's megabyte. Older ones follow when these are closed. */
const MAX_ORDERED = 500;

/** One query of reviews and one of label counts. The order is computed for each page, so a changed queue may shift it. */
async function pageByInformation(model: string, offset: number, limit: number) {
  const { prediction } = db().entities;
  const [{ data }, counts] = await Promise.all([
    prediction.query.byReview({ reviewing: model }).go({ order: "desc", limit: MAX_ORDERED }),
    countLabels(model),
  ]);
  const labels = new Map(counts.classes.map(({ class: name, items }) => [name, items]));
  const groups = orderByInformation((data as PredictionItem[]).map(toPrediction), labels);
  const items = groups
    .slice(offset, offset + limit)
    .map(({ prediction, similar }) => ({ ...prediction, ...(similar.length > 0 && { similar }) }));
  return { items, offset: offset + limit < groups.length ? offset + limit : undefined };
}
