import { handleJobEvent } from "@sluice/core/training/change.ts";

export async function handler(event: unknown) {
  await handleJobEvent(event, Date.now());
}
