// Follows a deployment to its end and prints each step as it starts.
import type { Deployment } from "@sluice/core/deployment/deployment.ts";
import { readBody, type Client } from "../target/client.ts";
import { poll } from "../target/poll.ts";
import { Failure } from "../terminal/failure.ts";
import { printNote, paint } from "../terminal/output.ts";

const POLL_MS = 300;

const STEPS: Record<string, string> = {
  preparing: "creating the SageMaker model and endpoint config",
  candidate: "creating a candidate endpoint",
  smoke: "testing the candidate with a known input",
  shifting: "shifting traffic to the candidate",
  live: "updating the live endpoint",
  verifying: "verifying the live endpoint: config, model and a prediction",
  cleanup: "deleting unused resources",
  done: "done",
};

interface Options {
  /** Prints no steps. */
  quiet?: boolean;
  /** Also returns at a traffic share below 100 %, which may last for days. */
  untilShared?: boolean;
}

/** Returns a successful deployment and throws a failed one. The deployment continues after Ctrl-C. */
export function followDeployment(
  api: Client,
  { id, model }: Pick<Deployment, "id" | "model">,
  { quiet, untilShared }: Options = {},
): Promise<Deployment> {
  let printed = 0;
  const read = async () => {
    const found: Deployment = await readBody(api.deployments[":id"].$get({ param: { id } }));
    if (!quiet)
      for (const { step, at, note } of found.times.slice(printed))
        if (step !== "done")
          printNote(`  ${paint("dim", at.slice(11, 19))} ${STEPS[step] ?? step}${note ? ` (${note})` : ""}`);
    printed = found.times.length;
    if (found.status === "live" || (untilShared && found.step === "shifting")) return found;
    if (found.status === "running") return undefined;
    const previous = found.previous?.version ? `Version ${found.previous.version} is still live. ` : "";
    throw new Failure(
      found.status === "superseded" ? "DEPLOYMENT_SUPERSEDED" : "DEPLOYMENT_FAILED",
      found.reason ?? "No reason was recorded.",
      { hint: `${previous}Read the endpoint log: npx sluice logs ${model}` },
    );
  };
  return poll(
    read,
    POLL_MS,
    () => `The deployment continues. Check its status: npx sluice deployments list ${model}`,
  );
}
