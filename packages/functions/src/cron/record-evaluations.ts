import { recordMissedEvaluations } from "@sluice/core/evaluation/record.ts";

export async function handler() {
  await recordMissedEvaluations(Date.now());
}
