import { getModel } from "@sluice/core/model/model.ts";
import { retrainOnSchedule } from "@sluice/core/training/retrain.ts";

export async function handler() {
  const { name } = getModel(process.env.SLUICE_MODEL ?? "");
  await retrainOnSchedule(name, Date.now());
}
