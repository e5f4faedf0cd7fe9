import { advanceAll } from "@sluice/core/deployment/advance.ts";

export async function handler() {
  await advanceAll(Date.now);
}
