// Requests a deployment, for a person or for the policy. Repeating a request that is already served changes nothing.
import { byName } from "@sluice/models/index.ts";
import { seconds } from "@sluice/models/duration.ts";
import { Hosting as Declared, TrafficShift } from "@sluice/models/schema.ts";
import * as z from "zod";
import { invalidInput, SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import type { Traffic } from "../traffic/traffic.ts";
import { orderedId } from "../util/ordered-id.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { getVersion, listVersions } from "../version/read.ts";
import type { ModelVersion } from "../version/version.ts";
import { Deployment, deploymentTargets, type Hosting } from "./deployment.ts";
import { cappedBefore } from "./cap.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { changesBetween } from "./changes.ts";
import { hostingOf, namesOf } from "./hosting.ts";
import { getDeploymentItem, getTraffic, recentDeployments } from "./read.ts";
import { describeEndpoint } from "./serving.ts";
import { createDeployment, isSameShift, updateDeployment } from "./write.ts";

const { memory, concurrency, instance } = Declared.shape;

export const Request = z.strictObject({
  model: z.string(),
  /** Default: the newest accepted version. */
  version: z.string().optional(),
  target: z.enum(deploymentTargets).optional(),
  memory: memory.unwrap().optional(),
  concurrency: concurrency.unwrap().optional(),
  instance: instance.unwrap().optional(),
  /** Shares of the predictions in percent, one after the other, beside the live version. */
  shares: TrafficShift.shape.shares.optional(),
  every: TrafficShift.shape.every,
  maxErrorRate: TrafficShift.shape.maxErrorRate,
  /** Deploy a version that the policy refused, or retry the declared memory and concurrency after a quota increase. */
  force: z.boolean().default(false),
});
export type Request = z.output<typeof Request>;

export interface Provisioned {
  /** `unchanged`: already served so. `underway`: an equal deployment is running. `changed`: its shares changed. */
  action: "started" | "underway" | "changed" | "unchanged";
  model: string;
  version: string;
  /** Empty for the target `local`. */
  endpoint: string;
  /** The account's quotas allow less than was asked for. */
  warning?: string;
  deployment?: Deployment;
}

/** The running deployment may be written at the same time; then it is read again. */
const MAX_TRIES = 5;

export async function provision(
  request: z.input<typeof Request>,
  requestedBy: string,
  now: number,
): Promise<Provisioned> {
  const parsed = Request.safeParse(request);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { name } = getModel(parsed.data.model);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const result = await tryProvision(name, parsed.data, requestedBy, now);
    if (result) return result;
  }
  throw new SluiceError(
    "DEPLOYMENT_CONFLICT",
    `Another deployment of ${name} was requested at the same time.`,
  );
}

/** Undefined when another request or event wrote the deployment in between. */
async function tryProvision(
  name: string,
  request: Request,
  requestedBy: string,
  now: number,
): Promise<Provisioned | undefined> {
  const version = await versionOf(request);
  const asked = hostingOf(byName(name)!, {
    target: request.target,
    memory: request.memory,
    concurrency: request.concurrency,
    instance: request.instance,
  });
  const shift = request.shares && {
    shares: request.shares,
    everySeconds: seconds(request.every),
    maxErrorRate: request.maxErrorRate,
    at: 0,
  };
  const before = await getTraffic(name);
  const last = before.deployment ? await getDeploymentItem(before.deployment) : undefined;
  const capped = request.force ? undefined : cappedBefore(asked, version.version, last);
  const hosting = capped ?? asked;
  const names = namesOf(version, hosting);
  const result = withoutUndefined({
    model: name,
    version: version.version,
    endpoint: names.endpoint,
    warning: capped && last?.reason,
  });
  const current = last?.status === "running" ? last : undefined;
  const same = current?.config === names.config && current.version === version.version;
  if (current && same && current.hosting.target === hosting.target) {
    if (isSameShift(current.shift, shift))
      return { ...result, action: "underway", deployment: Deployment.parse(current) };
    const moved = await updateDeployment(current, { shift, step: "preparing" }, now);
    return moved && { ...result, action: "changed", deployment: Deployment.parse(moved) };
  }
  const live = before.version === version.version && (await serves(names, hosting, before, last));
  if (live && !current) return { ...result, action: "unchanged" };
  if (shift && !before.version)
    throw new SluiceError(
      "LIVE_VERSION_MISSING",
      `${name} has no live version to share its predictions with.`,
      {
        hint: `Deploy a first version: npx sluice provision ${name}`,
      },
    );
  const at = new Date(now).toISOString();
  const served = (await recentDeployments(name)).find(({ status }) => status === "live");
  const item: DeploymentItem = withoutUndefined<DeploymentItem>({
    id: orderedId("dep", now),
    model: name,
    version: version.version,
    hosting: asked,
    ...namesOf(version, asked),
    status: "running",
    step: "preparing",
    revision: 1,
    shift,
    changes: changesBetween(served, { version: version.version, hosting }),
    previous: {
      version: before.version,
      config: names.endpoint ? (await describeEndpoint(names.endpoint))?.EndpointConfigName : undefined,
    },
    requestedBy,
    times: [{ step: "preparing", at }],
    startedAt: at,
    changedAt: at,
  });
  if (!(await createDeployment(item, before, current, now))) return undefined;
  return { ...result, action: "started", deployment: Deployment.parse(item) };
}

async function versionOf({ model, version, force }: Request): Promise<ModelVersion> {
  const found = version ? await getVersion(model, version) : await newestAccepted(model);
  const name = `Version ${found.version} of ${model}`;
  if (found.status === "accepted" || (found.status === "refused" && force)) return found;
  if (found.status === "refused")
    throw new SluiceError("VERSION_REFUSED", `${name} was refused: ${found.reason}`);
  throw new SluiceError(
    "VERSION_NOT_READY",
    `${name} is ${found.status}${found.reason ? `: ${found.reason}` : "."}`,
  );
}

async function newestAccepted(model: string): Promise<ModelVersion> {
  const { items } = await listVersions({ model, status: "accepted", limit: 100 });
  if (items[0]) return items[0];
  const { items: any } = await listVersions({ model, limit: 1 });
  const found = any[0] ? `no accepted version; its newest is ${any[0].status}` : "no version yet";
  throw new SluiceError("VERSION_UNKNOWN", `${model} has ${found}.`, {
    hint: `Train one with \`npx sluice train ${model}\`, or upload one: npx sluice provision ${model} --package FILE`,
  });
}

async function serves(
  { endpoint, config }: { endpoint: string; config: string },
  { target, autoscaling }: Hosting,
  before: Traffic,
  last: DeploymentItem | undefined,
) {
  if (target !== before.target) return false;
  if (target === "local") return true;
  // The bounds of autoscaling are not part of the config.
  const scaled = last?.hosting.autoscaling;
  if (target !== "serverless" && (scaled?.min !== autoscaling.min || scaled.max !== autoscaling.max))
    return false;
  const present = await describeEndpoint(endpoint);
  return present?.EndpointStatus === "InService" && present.EndpointConfigName === config;
}
