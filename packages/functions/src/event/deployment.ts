import { hear } from "@sluice/core/deployment/react.ts";

export async function handler(event: unknown) {
  await hear(event, Date.now);
}
