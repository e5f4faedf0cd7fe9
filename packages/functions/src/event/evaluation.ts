import { jobOfEvent, recordEvaluation } from "@sluice/core/evaluation/record.ts";

export async function handler(event: unknown) {
  await recordEvaluation(jobOfEvent(event), Date.now());
}
