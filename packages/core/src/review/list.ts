// Lists open reviews, model by model, newest first. The index contains open reviews only.
import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel, listModels } from "../model/model.ts";
import { decodeCursor, encodeCursor, type Position } from "../util/cursor.ts";
import type { PredictionItem } from "../prediction/prediction.entity.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { toPrediction } from "../prediction/record.ts";
import { fn } from "../util/fn.ts";

export const ReviewQuery = z.object({
  model: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().optional(),
});

export interface ReviewPage {
  items: Prediction[];
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
  const items: Prediction[] = [];
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
