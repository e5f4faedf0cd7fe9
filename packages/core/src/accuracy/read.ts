import { byName } from "@sluice/models/index.ts";
import * as z from "zod";
import { db } from "../db.ts";
import { getModel } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import type { ModelAccuracy } from "./accuracy.ts";
import { toWeek } from "./counts.ts";

export const AccuracyQuery = z.object({ weeks: z.coerce.number().int().min(1).max(104).default(12) });

/** One query for all weeks. */
export const readAccuracy = fn(
  AccuracyQuery.extend({ model: z.string() }),
  async ({ model, weeks }): Promise<ModelAccuracy> => {
    getModel(model);
    const { data } = await db()
      .entities.accuracyWeek.query.byModel({ model })
      .go({ order: "desc", limit: weeks });
    return {
      model,
      bound: byName(model)?.retrain?.accuracy,
      weeks: data.map(({ week, counts }) => toWeek(week, counts)),
    };
  },
);
