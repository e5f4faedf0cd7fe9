// What each step of a deployment does. A step returns the next one, or undefined while it waits for an event. Steps may
// run twice, also concurrently.
import { log } from "../log.ts";
import { getModel } from "../model/model.ts";
import { requeuePending } from "../prediction/requeue-pending.ts";
import { probabilityClassesOf, type Traffic } from "../traffic/traffic.ts";
import type { ModelVersion } from "../version/version.ts";
import { createAlarms } from "./alarms.ts";
import { removeUnused } from "./cleanup.ts";
import type { DeploymentStep } from "./deployment.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { failStep, noCandidate, type Next } from "./next.ts";
import { getTraffic } from "./read.ts";
import { applyScaling } from "./scaling.ts";
import { configProblem, describeEndpoint, ensureEndpoint, createConfig } from "./serving.ts";
import { shiftTraffic } from "./shift.ts";
import { smokeTest } from "./smoke.ts";

type Step = (item: DeploymentItem, version: ModelVersion, now: number) => Promise<Next | undefined>;

export const steps: Record<DeploymentStep, Step> = {
  async preparing(item, version) {
    if (item.hosting.target === "local") return toLocal(version);
    const before = await getTraffic(item.model);
    await createConfig(item, version);
    const endpoint = await describeEndpoint(item.endpoint);
    const first = !endpoint || endpoint.EndpointStatus === "Failed" || before.opening !== undefined;
    log().info("Deploying", {
      deployment: item.id,
      model: item.model,
      version: item.version,
      live: before.version,
      first,
    });
    // Predictions wait until the first endpoint is checked, unless an endpoint of another target still serves them.
    if (first)
      return {
        to: { step: "live" },
        ...(!(await servedElsewhere(item, before)) && { traffic: { opening: item.id } }),
      };
    if (endpoint.EndpointStatus === "InService" && endpoint.EndpointConfigName === item.config)
      return { to: { step: "verifying" } };
    return { to: { step: "candidate" } };
  },

  async candidate(item) {
    return endpointStep(item, item.candidate, "candidate", "smoke");
  },

  async smoke(item, version, now) {
    const problem = await smokeTest(item.candidate, version, item.hosting.target);
    if (problem) return failStep(`The smoke test failed. ${problem}`);
    return item.shift ? shiftTraffic(item, version, now) : { to: { step: "live" } };
  },

  shifting: shiftTraffic,

  async live(item) {
    return endpointStep(item, item.endpoint, "live", "verifying");
  },

  async verifying(item, version) {
    const problem = await endpointProblem(item, version);
    if (problem) return failStep(`The endpoint failed its check. ${problem}`);
    const warnings = [await applyScaling(item), await createAlarms(item)];
    return {
      to: { step: "cleanup", reason: [item.reason, ...warnings].filter(Boolean).join(" ") || undefined },
      traffic: {
        version: version.version,
        endpoint: item.endpoint,
        target: item.hosting.target,
        probabilityClasses: probabilityClassesOf(version) ?? null,
        ...noCandidate,
        opening: null,
      },
    };
  },

  async cleanup(item, _, now) {
    if (item.hosting.target !== "local") await requeuePending(item.model);
    if (!(await removeUnused(item))) return undefined;
    return { to: { step: "done", status: "live", finishedAt: new Date(now).toISOString() } };
  },

  async done() {
    return undefined;
  },
};

const toLocal = ({ version }: ModelVersion): Next => ({
  to: { step: "cleanup" },
  traffic: {
    version,
    target: "local",
    endpoint: null,
    probabilityClasses: null,
    ...noCandidate,
    opening: null,
  },
});

async function servedElsewhere(item: DeploymentItem, { endpoint }: Traffic): Promise<boolean> {
  const present = endpoint ?? getModel(item.model).endpoint;
  if (present === item.endpoint) return false;
  const status = (await describeEndpoint(present))?.EndpointStatus;
  return status !== undefined && status !== "Creating" && status !== "Failed" && status !== "Deleting";
}

async function endpointProblem(item: DeploymentItem, version: ModelVersion): Promise<string | undefined> {
  const endpoint = await describeEndpoint(item.endpoint);
  if (endpoint?.EndpointStatus !== "InService")
    return `${item.endpoint} is ${endpoint?.EndpointStatus ?? "deleted"}.`;
  if (endpoint.EndpointConfigName !== item.config)
    return `${item.endpoint} serves ${endpoint.EndpointConfigName}, not ${item.config}.`;
  if (endpoint.FailureReason) return `${item.endpoint} reports: ${endpoint.FailureReason}`;
  return (
    (await configProblem(item.config, version.packageUri)) ??
    smokeTest(item.endpoint, version, item.hosting.target)
  );
}

async function endpointStep(
  item: DeploymentItem,
  endpoint: string,
  current: "candidate" | "live",
  next: DeploymentStep,
): Promise<Next | undefined> {
  const found = await ensureEndpoint(item.model, endpoint, item.config, item.modifiedBefore?.[endpoint]);
  if (found.state === "serving") return { to: { step: next } };
  if (found.state === "failed") return failStep(found.reason);
  if (found.state === "waiting") return undefined;
  const modifiedBefore = { ...item.modifiedBefore, [endpoint]: found.modifiedBefore };
  return { to: { step: current, modifiedBefore, note: found.note } };
}
