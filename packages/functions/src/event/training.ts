import { onEvent } from "@sluice/core/training/change.ts";

export async function handler(event: unknown) {
  await onEvent(event, Date.now());
}
