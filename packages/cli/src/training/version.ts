// Waits for the result of a training: its version, the evaluation, and the deployment by the model's policy.
import { setTimeout as wait } from "node:timers/promises";
import type { Deployment } from "@sluice/core/deployment/deployment.ts";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { readBody, type Client } from "../target/client.ts";
import { poll } from "../target/poll.ts";
import { followDeployment } from "../deployment/follow.ts";
import { Failure } from "../terminal/failure.ts";
import { waitForEvaluation } from "../version/evaluation.ts";
import { getRun } from "./follow.ts";

const POLL_MS = 500;
/** Time for the policy to deploy an accepted version. */
const POLICY_MS = 60_000;

/** The evaluated version of a completed run, accepted or not. */
export const waitForVersion = (api: Client, { name, model }: TrainingRun): Promise<ModelVersion> =>
  poll(async () => {
    const { version, versionProblem } = await getRun(api, name);
    if (version !== undefined) {
      const found = await waitForEvaluation(api, { model, version });
      if (found.status !== "evaluating") return found;
    }
    if (versionProblem !== undefined) {
      const what =
        version === undefined ? "The run created no version" : `Version ${version} cannot be evaluated`;
      throw new Failure("VERSION_NOT_READY", `${what}: ${versionProblem}`, {
        hint: `Read the log of the job: npx sluice trainings logs ${name}`,
      });
    }
    return undefined;
  }, POLL_MS);

interface PolicyDeployment {
  /** Undefined if the version was already live. */
  deployment?: Deployment;
}

/** Undefined if the model has no deployment policy, or if the policy did nothing in time. */
export async function waitForPolicyDeployment(
  api: Client,
  { model, version }: ModelVersion,
  quiet: boolean,
): Promise<PolicyDeployment | undefined> {
  const { policy } = await readBody(api.models[":model"].$get({ param: { model } }));
  if (!policy.deploy) return undefined;
  for (let waited = 0; waited < POLICY_MS; waited += POLL_MS) {
    const { items } = await readBody(api.deployments.$get({ query: { model } }));
    const [newest] = items.filter((one) => one.version === version);
    if (newest && newest.status !== "live")
      return { deployment: await followDeployment(api, newest, { quiet }) };
    const traffic = await readBody(api.traffic[":model"].$get({ param: { model } }));
    if (traffic.version === version) return { deployment: newest };
    await wait(POLL_MS);
  }
  return undefined;
}
