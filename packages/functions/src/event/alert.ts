import { alertSources } from "@sluice/core/alert/describe.ts";
import { raiseAlert } from "@sluice/core/alert/raise.ts";
import { routeAlert } from "@sluice/core/alert/route.ts";
import { parseEvent } from "@sluice/core/event/receive.ts";

export async function handler(event: unknown) {
  const parsed = parseEvent(event, ...alertSources, "alert.raised");
  if (parsed.type === "alert.raised") await routeAlert(parsed.detail, Date.now());
  else await raiseAlert(parsed, Date.now());
}
