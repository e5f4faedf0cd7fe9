import { sendSummaries } from "@sluice/core/alert/summarize.ts";

export async function handler() {
  await sendSummaries(Date.now());
}
