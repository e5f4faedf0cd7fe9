import { retrainAllDue } from "@sluice/core/training/retrain.ts";

export async function handler() {
  await retrainAllDue(Date.now());
}
