import { handleDeploymentEvent } from "@sluice/core/deployment/on-event.ts";
import { parseEvent } from "@sluice/core/event/receive.ts";

export async function handler(event: unknown) {
  const parsed = parseEvent(event, "endpoint.changed", "deployment.changed", "version.accepted");
  await handleDeploymentEvent(parsed, Date.now);
}
