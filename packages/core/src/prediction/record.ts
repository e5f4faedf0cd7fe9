import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { Prediction } from "./prediction.ts";

/** The record without what only the table and its writers need. */
export function toPrediction({ review, ...item }: PredictionItem): Prediction {
  // Before reviews had an end, a rejected one said `true`.
  return Prediction.parse({ ...item, review: review === true ? undefined : review });
}

/** `consistent`: as it stands now, for who decides by it what to write. */
export async function fromId(id: string, { consistent = false } = {}): Promise<Prediction> {
  const { data } = await db().entities.prediction.get({ id }).go({ consistent });
  if (!data)
    throw new SluiceError("PREDICTION_UNKNOWN", `There is no prediction ${id}.`, { details: { id } });
  return toPrediction(data);
}
