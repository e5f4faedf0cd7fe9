import { advanceDeployments } from "@sluice/core/deployment/advance.ts";

export async function handler() {
  await advanceDeployments(Date.now);
}
