// What comes after a training, watched: its version, how good that is, and where the declaration's policy puts it.
import { setTimeout as wait } from "node:timers/promises";
import type { Deployment } from "@sluice/core/deployment/deployment.ts";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { body, type Client } from "../client.ts";
import { follow } from "../deployment/follow.ts";
import { Failure } from "../failure.ts";
import { judged } from "../version/judged.ts";
import { getRun } from "./follow.ts";

const POLL_MS = 500;
/** For the policy to act on an accepted version. */
const POLICY_MS = 60_000;

/** The version of a completed run once it is judged, whatever the verdict. */
export async function versionOf(api: Client, { name, model }: TrainingRun): Promise<ModelVersion> {
  for (;;) {
    const { version, versionProblem } = await getRun(api, name);
    if (version !== undefined) {
      const found = await judged(api, { model, version });
      if (found.status !== "evaluating") return found;
    }
    if (versionProblem !== undefined) {
      const what = version === undefined ? "No version came of it" : `Version ${version} cannot be judged`;
      throw new Failure("VERSION_NOT_READY", `${what}: ${versionProblem}`, {
        hint: `What the job printed: npx sluice training logs ${name}`,
      });
    }
    await wait(POLL_MS);
  }
}

/** One that is not to be served is a failure, and says what may be done. */
export function checkVerdict({ model, version, status, reason }: ModelVersion): void {
  if (status === "accepted") return;
  const code = status === "refused" ? "VERSION_REFUSED" : "EVALUATION_FAILED";
  throw new Failure(code, `Version ${version} is ${status}: ${reason ?? "no reason was given."}`, {
    hint: `Look closer: npx sluice versions show ${model} ${version}. Train again with more labels${
      status === "refused"
        ? `, or serve it all the same: npx sluice provision ${model} --version ${version} --force`
        : ""
    }.`,
  });
}

interface Served {
  /** Nothing when the version was serving already. */
  deployment?: Deployment;
}

/** Nothing where the declaration leaves deploying to a person, or where the policy did nothing in time. */
export async function deployedByPolicy(
  api: Client,
  { model, version }: ModelVersion,
  quiet: boolean,
): Promise<Served | undefined> {
  const { policy } = await body(api.models[":model"].$get({ param: { model } }));
  if (!policy.deploy) return undefined;
  for (let waited = 0; waited < POLICY_MS; waited += POLL_MS) {
    const { items } = await body(api.deployments.$get({ query: { model } }));
    const [newest] = items.filter((one) => one.version === version);
    if (newest && newest.status !== "live") return { deployment: await follow(api, newest, { quiet }) };
    const traffic = await body(api.traffic[":model"].$get({ param: { model } }));
    if (traffic.version === version) return { deployment: newest };
    await wait(POLL_MS);
  }
  return undefined;
}
