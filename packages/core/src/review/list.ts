// What waits for a person, model after model, the newest of each first. Only what is open is in the index.
import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import * as Model from "../model/model.ts";
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
  /** Ask again with it for the rest; absent at the end. */
  cursor?: string;
}

/** A page asks the table at most so often: it may be short, even empty, and go on. */
const QUERIES = 2;

export const list = fn(ReviewQuery, async ({ cursor, limit, ...query }): Promise<ReviewPage> => {
  const models = query.model === undefined ? Model.list() : [Model.model(query.model)];
  const names = models.map(({ name }) => name);
  const position: Position = cursor ? decodeCursor(cursor, query) : { bucket: names[0]! };
  let at = names.indexOf(position.bucket);
  if (at === -1) throw new SluiceError("CURSOR_INVALID", "The cursor is damaged.");
  let { after } = position;
  const items: Prediction[] = [];
  for (let queries = 0; queries < QUERIES && at < names.length; queries++) {
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
  const line = db().entities.prediction.query.byReview({ reviewing: model });
  const { data } = await (after ? line.lt({ reviewPlace: after.at }) : line).go({
    order: "desc",
    limit: limit + 1,
  });
  const taken = (data as PredictionItem[]).slice(0, limit);
  const last = data.length > limit ? taken.at(-1) : undefined;
  return { items: taken.map(toPrediction), after: last && { at: last.reviewPlace!, id: last.id } };
}
