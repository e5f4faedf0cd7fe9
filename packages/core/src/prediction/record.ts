import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { Prediction } from "./prediction.ts";

/** The record without what only the table and its writers need. */
export const toPrediction = (item: PredictionItem): Prediction => Prediction.parse(item);

export async function fromId(id: string): Promise<Prediction> {
  const { data } = await db().entities.prediction.get({ id }).go();
  if (!data)
    throw new SluiceError("PREDICTION_UNKNOWN", `There is no prediction ${id}.`, { details: { id } });
  return toPrediction(data);
}
