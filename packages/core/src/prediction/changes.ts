// Predictions that changed since an instant, oldest change first: what a client of live updates missed.
import * as z from "zod";
import { db } from "../db.ts";
import { dayOf } from "../table.ts";
import { getModel } from "../model/model.ts";
import { decodeCursor, encodeCursor } from "../util/cursor.ts";
import { fn } from "../util/fn.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import type { Prediction } from "./prediction.ts";
import { toPrediction } from "./record.ts";

export const ChangesQuery = z.object({
  /** At or after: an ISO instant. */
  from: z.iso.datetime({ offset: true }),
  model: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(500).default(500),
  cursor: z.string().optional(),
});

export interface ChangesPage {
  items: Prediction[];
  /** Continues the list; absent at its end. A page may be short or empty before. */
  cursor?: string;
}

const DAY_MS = 86_400_000;
/** Each day is a query. */
const DAYS_PER_PAGE = 10;

export const listChanges = (input: z.input<typeof ChangesQuery>, now: number) =>
  fn(ChangesQuery, async ({ from, model, limit, cursor }): Promise<ChangesPage> => {
    if (model !== undefined) getModel(model);
    const query = { from, model };
    const start = new Date(from).toISOString();
    const position = cursor ? decodeCursor(cursor, query) : { bucket: dayOf(start) };
    const last = dayOf(new Date(now).toISOString());
    let { bucket: day } = position;
    let after = "after" in position ? position.after : undefined;
    const items: PredictionItem[] = [];
    for (let days = 0; day <= last; days++) {
      if (days === DAYS_PER_PAGE || items.length === limit)
        return page(items, model, encodeCursor({ bucket: day, after }, query));
      const left = limit - items.length;
      const found = await readDay(day, start, after, left);
      items.push(...found);
      if (found.length < left) {
        day = dayOf(new Date(Date.parse(day) + DAY_MS).toISOString());
        after = undefined;
      } else after = { at: found.at(-1)!.changedAt, id: found.at(-1)!.id };
    }
    return page(items, model);
  })(input);

async function readDay(
  day: string,
  start: string,
  after: { at: string; id: string } | undefined,
  limit: number,
) {
  const index = db().entities.prediction.query.byChange({ changedDay: day });
  const range = after ? index.gt({ changedAt: after.at, id: after.id }) : index.gte({ changedAt: start });
  const { data } = await range.go({ count: limit });
  return data;
}

const page = (items: PredictionItem[], model: string | undefined, cursor?: string): ChangesPage => ({
  items: items.filter((item) => model === undefined || item.model === model).map(toPrediction),
  cursor,
});
