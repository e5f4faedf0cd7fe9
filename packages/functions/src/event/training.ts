import { react } from "@sluice/core/training/change.ts";

export async function handler(event: unknown) {
  await react(event, Date.now());
}
