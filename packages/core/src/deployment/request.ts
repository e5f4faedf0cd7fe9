// One way to a deployment, for a person and for the policy alike. Asked again for what is served already, nothing changes.
import { DescribeEndpointCommand } from "@aws-sdk/client-sagemaker";
import { byName } from "@sluice/models/index.ts";
import { Duration, seconds } from "@sluice/models/duration.ts";
import { Hosting as HostingShape } from "@sluice/models/schema.ts";
import * as z from "zod";
import { sagemaker } from "../aws/sagemaker.ts";
import { invalidInput, SluiceError } from "../error/error.ts";
import { model as modelNamed } from "../model/model.ts";
import { defined } from "../util/defined.ts";
import { orderedId } from "../util/ordered-id.ts";
import { fromVersion, list as versions } from "../version/read.ts";
import type { ModelVersion } from "../version/version.ts";
import { isMissing } from "./answers.ts";
import { Deployment, deploymentTargets, type Hosting } from "./deployment.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { hostingOf, namesOf } from "./hosting.ts";
import { itemOf, traffic } from "./read.ts";
import type { Traffic } from "../traffic/traffic.ts";
import { begin, move, shiftsAlike } from "./write.ts";

const { memory, concurrency, instance } = HostingShape.shape;

export const Request = z.strictObject({
  model: z.string(),
  /** The newest accepted one without it. */
  version: z.string().optional(),
  target: z.enum(deploymentTargets).optional(),
  memory: memory.unwrap().optional(),
  concurrency: concurrency.unwrap().optional(),
  instance: instance.unwrap().optional(),
  /** Beside the live version: these shares of the predictions in percent, one after the other. */
  shares: z.array(z.number().int().min(1).max(100)).min(1).max(20).optional(),
  every: Duration.default("10 minutes"),
  maxErrorRate: z.number().min(0).max(1).default(0.05),
  /** Also a version that the policy refused. */
  force: z.boolean().default(false),
});
export type Request = z.output<typeof Request>;

export interface Answer {
  /** `unchanged`: it is served so already. `underway`: a deployment to the same end runs. */
  action: "started" | "underway" | "changed" | "unchanged";
  model: string;
  version: string;
  /** Empty for the target `local`. */
  endpoint: string;
  deployment?: Deployment;
}

/** A deployment under way is written by whoever moves it on: then it is read and superseded again. */
const mostTries = 5;

export async function provision(
  wish: z.input<typeof Request>,
  requestedBy: string,
  now: number,
): Promise<Answer> {
  const parsed = Request.safeParse(wish);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { name } = modelNamed(parsed.data.model);
  for (let tries = 0; tries < mostTries; tries++) {
    const answer = await begun(name, parsed.data, requestedBy, now);
    if (answer) return answer;
  }
  throw new SluiceError("DEPLOYMENT_CONFLICT", `Another deployment of ${name} was asked for just now.`);
}

async function begun(
  name: string,
  wanted: Request,
  requestedBy: string,
  now: number,
): Promise<Answer | undefined> {
  const version = await chosen(wanted);
  const hosting = hostingOf(byName(name)!, {
    target: wanted.target,
    memory: wanted.memory,
    concurrency: wanted.concurrency,
    instance: wanted.instance,
  });
  const names = namesOf(version, hosting);
  const shift = wanted.shares && {
    shares: rising(wanted.shares),
    everySeconds: seconds(wanted.every),
    maxErrorRate: wanted.maxErrorRate,
    at: 0,
  };
  const answer = { model: name, version: version.version, endpoint: names.endpoint };
  const before = await traffic(name);
  const last = before.deployment ? await itemOf(before.deployment) : undefined;
  const current = last?.status === "running" ? last : undefined;
  const same = current?.config === names.config && current.version === version.version;
  if (current && same && current.hosting.target === hosting.target) {
    if (shiftsAlike(current.shift, shift))
      return { ...answer, action: "underway", deployment: parse(current) };
    const moved = await move(current, { shift, step: "preparing" }, now);
    return moved && { ...answer, action: "changed", deployment: parse(moved) };
  }
  const live = before.version === version.version && (await serves(names, hosting, before, last));
  if (live && !current) return { ...answer, action: "unchanged" };
  if (shift && !before.version)
    throw new SluiceError("TRAFFIC_UNKNOWN", `${name} has no live version to share its predictions with.`, {
      hint: `Deploy a first one: sluice provision ${name}`,
    });
  const item: DeploymentItem = defined<DeploymentItem>({
    id: orderedId("dep", now),
    model: name,
    version: version.version,
    hosting,
    ...names,
    status: "running",
    step: "preparing",
    revision: 1,
    shift,
    previous: {
      version: before.version,
      config: names.endpoint ? await configBehind(names.endpoint) : undefined,
    },
    requestedBy,
    times: [{ step: "preparing", at: new Date(now).toISOString() }],
    startedAt: new Date(now).toISOString(),
    changedAt: new Date(now).toISOString(),
  });
  if (!(await begin(item, before, current, now))) return undefined;
  return { ...answer, action: "started", deployment: parse(item) };
}

const parse = (item: DeploymentItem) => Deployment.parse(item);

async function chosen({ model, version, force }: Request): Promise<ModelVersion> {
  const found = version ? await fromVersion(model, version) : await newestAccepted(model);
  const what = `Version ${found.version} of ${model}`;
  if (found.status === "accepted" || (found.status === "refused" && force)) return found;
  if (found.status === "refused")
    throw new SluiceError("VERSION_REFUSED", `${what} was refused: ${found.reason}`);
  throw new SluiceError(
    "VERSION_NOT_READY",
    `${what} is ${found.status}${found.reason ? `: ${found.reason}` : "."}`,
  );
}

async function newestAccepted(model: string): Promise<ModelVersion> {
  const { items } = await versions({ model, status: "accepted", limit: 100 });
  if (items[0]) return items[0];
  const { items: any } = await versions({ model, limit: 1 });
  const what = any[0] ? `no accepted version; its newest is ${any[0].status}` : "no version yet";
  throw new SluiceError("VERSION_UNKNOWN", `${model} has ${what}.`, {
    hint: `Train one with \`sluice train ${model}\`, or bring one: sluice provision ${model} --model FILE`,
  });
}

function rising(shares: number[]): number[] {
  if (shares.every((share, index) => index === 0 || share > shares[index - 1]!)) return shares;
  throw new SluiceError("INPUT_INVALID", `shares: ${shares.join(", ")} do not rise.`);
}

async function serves(
  { endpoint, config }: { endpoint: string; config: string },
  { target, autoscaling }: Hosting,
  before: Traffic,
  last: DeploymentItem | undefined,
) {
  if (target !== before.target) return false;
  if (target === "local") return true;
  // How far it may scale is no part of the config.
  const scaled = last?.hosting.autoscaling;
  if (target !== "serverless" && (scaled?.min !== autoscaling.min || scaled.max !== autoscaling.max))
    return false;
  return (await configBehind(endpoint, "InService")) === config;
}

/** Undefined when there is none, or none in this status. */
async function configBehind(endpoint: string, status?: string): Promise<string | undefined> {
  try {
    const found = await sagemaker().send(new DescribeEndpointCommand({ EndpointName: endpoint }));
    return !status || found.EndpointStatus === status ? found.EndpointConfigName : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
