import { parseEndpointEvent } from "@sluice/core/endpoint/change.ts";
import { handleEndpointChange } from "@sluice/core/endpoint/on-change.ts";

export async function handler(event: unknown) {
  await handleEndpointChange(parseEndpointEvent(event), Date.now());
}
