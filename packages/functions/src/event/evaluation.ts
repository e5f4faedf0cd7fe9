import { handleJobEvent } from "@sluice/core/evaluation/record.ts";

export async function handler(event: unknown) {
  await handleJobEvent(event, Date.now());
}
