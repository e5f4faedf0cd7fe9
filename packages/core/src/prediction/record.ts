import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { Prediction } from "./prediction.ts";

/** The record without internal fields. */
export const toPrediction = (item: PredictionItem): Prediction => Prediction.parse(item);

/** `consistent`: for a caller that decides by it what to write. */
export async function getPrediction(id: string, { consistent = false } = {}): Promise<Prediction> {
  const { data } = await db().entities.prediction.get({ id }).go({ consistent });
  if (!data)
    throw new SluiceError("PREDICTION_UNKNOWN", `There is no prediction ${id}.`, { details: { id } });
  return toPrediction(data);
}
