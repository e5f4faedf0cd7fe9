import { traffic } from "../deployment/read.ts";
import { log } from "../log.ts";
import { release } from "../prediction/release.ts";
import { apply, type Observation } from "./change.ts";
import { record } from "./history.ts";

/** Applies an observed change. Every part may be repeated: when one fails, all run again. */
export async function onChange(seen: Observation, now: number): Promise<void> {
  const change = await apply(seen, now);
  if (!change) return;
  await record(seen, now);
  const { endpoint, candidate, isNew } = change;
  // Releases again for a repeated observation: the first worker may have died before releasing. While the smoke test of
  // a first endpoint is pending, its deployment releases instead.
  const serves = seen.status === "InService" && !candidate && !(await traffic(endpoint.model)).opening;
  const released = serves ? await release(endpoint.model) : 0;
  log().info("Endpoint changed", { endpoint: endpoint.name, status: endpoint.status, isNew, released });
}
