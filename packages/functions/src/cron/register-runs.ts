import { registerMissedRuns } from "@sluice/core/evaluation/trained.ts";

export async function handler() {
  await registerMissedRuns(Date.now());
}
