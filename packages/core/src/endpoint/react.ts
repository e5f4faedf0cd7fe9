import { traffic } from "../deployment/read.ts";
import { log } from "../log.ts";
import { release } from "../prediction/release.ts";
import { apply, type Observation } from "./change.ts";
import { record } from "./history.ts";

/** What follows from an observation. Each part may be repeated: the whole is run again when one fails. */
export async function react(seen: Observation, now: number): Promise<void> {
  const change = await apply(seen, now);
  if (!change) return;
  await record(seen, now);
  const { endpoint, candidate, news } = change;
  // Also when it is no news: whoever saw it first may have died before releasing. For one that has not passed its smoke
  // test yet, the deployment it belongs to releases.
  const serves = seen.status === "InService" && !candidate && !(await traffic(endpoint.model)).opening;
  const released = serves ? await release(endpoint.model) : 0;
  log().info("Endpoint changed", { endpoint: endpoint.name, status: endpoint.status, news, released });
}
