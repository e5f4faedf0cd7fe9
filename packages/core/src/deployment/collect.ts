// What no longer serves anything is removed: candidates, configs and models, and an endpoint of another target.
import { db } from "../db.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { itemOf, traffic } from "./read.ts";
import { unscale } from "./scaling.ts";
import { describe, gone, remove, removeConfig } from "./serving.ts";

/** Deployments looked back on; a model that failed more often in a row keeps some unused configs, which cost nothing. */
const lookBack = 50;

/** False while something cannot be removed yet. */
export async function collect(live: DeploymentItem): Promise<boolean> {
  const here = live.hosting.target === "local";
  const tried = live.asked?.[live.candidate] !== undefined;
  if (tried && !((await remove(live.candidate)) && (await gone(live.candidate)))) return false;
  for (const other of await replacedBy(live)) {
    if (other.hosting.target === "local") continue;
    if (here || other.endpoint !== live.endpoint) {
      await remove(other.candidate);
      if (other.hosting.target !== "serverless") await unscale(other.endpoint);
      await remove(other.endpoint);
      await gone(other.endpoint);
    }
    if (here || other.config !== live.config) await removeConfig(other.config);
  }
  return true;
}

/** Back to the one that was live before, itself included: what is older was collected then. */
async function replacedBy(live: DeploymentItem): Promise<DeploymentItem[]> {
  const { data } = await db()
    .entities.deployment.query.byTime({ model: live.model })
    .go({ order: "desc", limit: lookBack });
  const older = data.filter(({ id, startedAt }) => id !== live.id && startedAt <= live.startedAt);
  const before = older.findIndex(({ status }) => status === "live");
  return before === -1 ? older : older.slice(0, before + 1);
}

/** What a deployment that came to nothing leaves behind; what served before it still serves. */
export async function tidy(model: string): Promise<void> {
  const { deployment, endpoint } = await traffic(model);
  if (!deployment) return;
  const last = await itemOf(deployment);
  if (last.status === "running" || last.status === "live" || last.hosting.target === "local") return;
  if (!((await remove(last.candidate)) && (await gone(last.candidate)))) return;
  // A deployment that began meanwhile may use the same names.
  if ((await traffic(model)).deployment !== deployment) return;
  const live = await describe(last.endpoint);
  const never = endpoint !== last.endpoint && live?.EndpointConfigName === last.config;
  // A failed one stays for whoever wants to know why; the next deployment makes it anew.
  if (never && live.EndpointStatus !== "Failed") {
    if (!((await remove(last.endpoint)) && (await gone(last.endpoint)))) return;
  } else if (live?.EndpointConfigName === last.config) return;
  await removeConfig(last.config);
}
