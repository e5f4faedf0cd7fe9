// Removes what no longer serves: candidates, configs and models, and an endpoint of another target.
import { deleteAlarms } from "./alarms.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { getDeploymentItem, recentDeployments, getTraffic } from "./read.ts";
import { removeScaling } from "./scaling.ts";
import { deleteConfig, deleteEndpoint, describeEndpoint, waitUntilGone } from "./serving.ts";

/** False while something cannot be removed yet. */
export async function removeUnused(live: DeploymentItem): Promise<boolean> {
  const local = live.hosting.target === "local";
  const hadCandidate = live.modifiedBefore?.[live.candidate] !== undefined;
  if (hadCandidate && !(await removeEndpoint(live.candidate))) return false;
  for (const other of await replacedBy(live)) {
    if (other.hosting.target === "local") continue;
    if (local || other.endpoint !== live.endpoint) {
      await deleteEndpoint(other.candidate);
      if (other.hosting.target !== "serverless") await removeScaling(other.endpoint);
      await deleteAlarms(other.endpoint);
      await removeEndpoint(other.endpoint);
    }
    if (local || other.config !== live.config) await deleteConfig(other.config);
  }
  return true;
}

/** Back to the deployment that was live before, included: older ones were collected then. */
async function replacedBy(live: DeploymentItem): Promise<DeploymentItem[]> {
  const recent = await recentDeployments(live.model);
  const older = recent.filter(({ id, startedAt }) => id !== live.id && startedAt <= live.startedAt);
  const before = older.findIndex(({ status }) => status === "live");
  return before === -1 ? older : older.slice(0, before + 1);
}

/** Removes what a failed deployment created. The live version keeps serving. */
export async function removeFailed(model: string): Promise<void> {
  const { deployment, endpoint } = await getTraffic(model);
  if (!deployment) return;
  const last = await getDeploymentItem(deployment);
  if (last.status === "running" || last.status === "live" || last.hosting.target === "local") return;
  if (!(await removeEndpoint(last.candidate))) return;
  // A deployment that started meanwhile may use the same names.
  if ((await getTraffic(model)).deployment !== deployment) return;
  const present = await describeEndpoint(last.endpoint);
  const usesConfig = present?.EndpointConfigName === last.config;
  const neverLive = endpoint !== last.endpoint && usesConfig;
  // A failed endpoint stays for inspection; the next deployment replaces it.
  if (neverLive && present.EndpointStatus !== "Failed") {
    if (!(await removeEndpoint(last.endpoint))) return;
  } else if (usesConfig) return;
  await deleteConfig(last.config);
}

async function removeEndpoint(endpoint: string): Promise<boolean> {
  return (await deleteEndpoint(endpoint)) && (await waitUntilGone(endpoint));
}
