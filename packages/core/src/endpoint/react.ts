import { publish } from "../event/publish.ts";
import { log } from "../log.ts";
import { release } from "../prediction/release.ts";
import { apply, type Observation } from "./change.ts";
import { record } from "./history.ts";

/** What follows from an observation. Each part may be repeated: the whole is run again when one fails. */
export async function react(seen: Observation, now: number): Promise<void> {
  const change = await apply(seen, now);
  if (!change) return;
  await record(seen, now);
  const { endpoint, news } = change;
  const { sourceModifiedAt: _, createdAt: __, target: ___, ...detail } = endpoint;
  if (news) await publish([{ type: "endpoint.changed", detail }]);
  // Also when it is no news: whoever saw it first may have died before releasing.
  const released = seen.status === "InService" ? await release(endpoint.model) : 0;
  log().info("Endpoint changed", { endpoint: endpoint.name, status: endpoint.status, news, released });
}
