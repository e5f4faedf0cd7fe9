// What each step of a deployment does when it is looked at: the next step, or nothing while an event is waited for. Each
// may be looked at twice, and by two at once.
import { log } from "../log.ts";
import { model as modelNamed } from "../model/model.ts";
import { release } from "../prediction/release.ts";
import type { ModelVersion } from "../version/version.ts";
import { collect } from "./collect.ts";
import type { DeploymentStep } from "./deployment.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { failed, noCandidate, type Next } from "./next.ts";
import { traffic } from "./read.ts";
import { scale } from "./scaling.ts";
import { describe, mismatch, prepare, raise } from "./serving.ts";
import { shifted } from "./shift.ts";
import { smoke } from "./smoke.ts";
import { bareOf, type Traffic } from "../traffic/traffic.ts";

type Step = (item: DeploymentItem, version: ModelVersion, now: number) => Promise<Next | undefined>;

export const steps: Record<DeploymentStep, Step> = {
  async preparing(item, version) {
    const before = await traffic(item.model);
    const { id, hosting, model } = item;
    if (hosting.target === "local")
      return {
        to: { step: "collecting" },
        traffic: {
          version: version.version,
          target: "local",
          endpoint: null,
          bare: null,
          ...noCandidate,
          opening: null,
        },
      };
    await prepare(item, version);
    const serving = await describe(item.endpoint);
    const first = !serving || serving.EndpointStatus === "Failed" || before.opening !== undefined;
    log().info("Deploying", { deployment: id, model, version: item.version, live: before.version, first });
    // The first endpoint is proven before its version is called live, and predictions wait till then. Where another
    // target's endpoint answers, that goes on answering: its own name is nobody's yet.
    if (first)
      return {
        to: { step: "live" },
        ...(!(await answersElsewhere(item, before)) && { traffic: { opening: id } }),
      };
    if (serving.EndpointStatus === "InService" && serving.EndpointConfigName === item.config)
      return { to: { step: "proving" } };
    return { to: { step: "candidate" } };
  },

  async candidate(item) {
    return raised(item, item.candidate, "candidate", "smoke");
  },

  async smoke(item, version, now) {
    const problem = await smoke(item.candidate, version, item.hosting.target);
    if (problem) return failed(`It did not pass its smoke test. ${problem}`);
    return item.shift ? shifted(item, version, now) : { to: { step: "live" } };
  },

  shifting: shifted,

  async live(item) {
    return raised(item, item.endpoint, "live", "proving");
  },

  async proving(item, version) {
    const problem = await proof(item, version);
    if (problem) return failed(`What serves is not what it should be. ${problem}`);
    const warning = await scale(item);
    return {
      to: { step: "collecting", reason: warning },
      traffic: {
        version: version.version,
        endpoint: item.endpoint,
        target: item.hosting.target,
        bare: bareOf(version) ?? null,
        ...noCandidate,
        opening: null,
      },
    };
  },

  async collecting(item, _, now) {
    if (item.hosting.target !== "local") await release(item.model);
    if (!(await collect(item))) return undefined;
    return { to: { step: "done", status: "live", finishedAt: new Date(now).toISOString() } };
  },

  async done() {
    return undefined;
  },
};

async function answersElsewhere(item: DeploymentItem, { endpoint }: Traffic): Promise<boolean> {
  const present = endpoint ?? modelNamed(item.model).endpoint;
  if (present === item.endpoint) return false;
  const status = (await describe(present))?.EndpointStatus;
  return status !== undefined && status !== "Creating" && status !== "Failed" && status !== "Deleting";
}

/** Its config's name, its variant's model, no reason to complain, and an answer. */
async function proof(item: DeploymentItem, version: ModelVersion): Promise<string | undefined> {
  const serving = await describe(item.endpoint);
  if (serving?.EndpointStatus !== "InService")
    return `${item.endpoint} is ${serving?.EndpointStatus ?? "gone"}.`;
  if (serving.EndpointConfigName !== item.config)
    return `${item.endpoint} serves ${serving.EndpointConfigName}, not ${item.config}.`;
  if (serving.FailureReason) return `${item.endpoint} says: ${serving.FailureReason}`;
  return (
    (await mismatch(item.config, version.packageUri)) ?? smoke(item.endpoint, version, item.hosting.target)
  );
}

async function raised(
  item: DeploymentItem,
  endpoint: string,
  here: "candidate" | "live",
  next: DeploymentStep,
): Promise<Next | undefined> {
  const found = await raise(item.model, endpoint, item.config, item.asked?.[endpoint]);
  if (found.state === "serving") return { to: { step: next } };
  if (found.state === "failed") return failed(found.reason);
  if (found.state === "waiting") return undefined;
  const asked = { ...item.asked, [endpoint]: found.modifiedAt };
  return { to: { step: here, asked, note: found.note } };
}
