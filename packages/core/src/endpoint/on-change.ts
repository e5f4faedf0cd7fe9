import { getTraffic } from "../deployment/read.ts";
import { log } from "../log.ts";
import { requeuePending } from "../prediction/requeue-pending.ts";
import { applyObservation, type EndpointObservation } from "./change.ts";
import { recordConfigChange } from "./history.ts";

/** Applies an observed change. Every part may be repeated: when one fails, all run again. */
export async function handleEndpointChange(seen: EndpointObservation, now: number): Promise<void> {
  const change = await applyObservation(seen, now);
  if (!change) return;
  await recordConfigChange(seen, now);
  const { endpoint, candidate, isNew } = change;
  // Releases again for a repeated observation: the first worker may have died before releasing. While the smoke test of
  // a first endpoint is pending, its deployment releases instead.
  const serves = seen.status === "InService" && !candidate && !(await getTraffic(endpoint.model)).opening;
  const released = serves ? await requeuePending(endpoint.model) : 0;
  log().info("Endpoint changed", { endpoint: endpoint.name, status: endpoint.status, isNew, released });
}
