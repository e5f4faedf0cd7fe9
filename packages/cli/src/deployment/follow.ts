// A deployment, watched to its end: each step is said as it begins.
import { setTimeout as wait } from "node:timers/promises";
import type { Deployment } from "@sluice/core/deployment/deployment.ts";
import { body, type Client } from "../client.ts";
import { Failure } from "../failure.ts";
import { onInterrupt } from "../interrupt.ts";
import { note, paint } from "../output.ts";

const POLL_MS = 300;

const WORDS: Record<string, string> = {
  preparing: "model and config are made",
  candidate: "a candidate endpoint starts beside the live one",
  smoke: "the candidate is asked a known input",
  shifting: "the candidate answers a share of the predictions",
  live: "the live endpoint takes the version up",
  proving: "what serves is proven: config, model, and an answer",
  collecting: "what is no longer used is removed",
  done: "done",
};

interface Options {
  /** Says nothing on the way. */
  quiet?: boolean;
  /** Ends too where a share of the traffic is held, which may be for days. */
  untilShared?: boolean;
}

/** The deployment that ended well; one that did not is thrown. Ctrl-C leaves it, and it goes on. */
export async function follow(
  api: Client,
  deployment: Pick<Deployment, "id" | "model">,
  options: Options = {},
): Promise<Deployment> {
  const over = onInterrupt(
    () => `The deployment goes on. What became of it: npx sluice endpoint history ${deployment.model}`,
  );
  try {
    return await end(api, deployment, options);
  } finally {
    over();
  }
}

async function end(
  api: Client,
  { id, model }: Pick<Deployment, "id" | "model">,
  { quiet, untilShared }: Options,
): Promise<Deployment> {
  let said = 0;
  for (;;) {
    const found: Deployment = await body(api.deployments[":id"].$get({ param: { id } }));
    if (!quiet)
      for (const { step, at, note: more } of found.times.slice(said))
        if (step !== "done")
          note(`  ${paint("dim", at.slice(11, 19))} ${WORDS[step] ?? step}${more ? ` (${more})` : ""}`);
    said = found.times.length;
    if (found.status === "live" || (untilShared && found.step === "shifting")) return found;
    if (found.status !== "running")
      throw new Failure(
        found.status === "superseded" ? "DEPLOYMENT_SUPERSEDED" : "DEPLOYMENT_FAILED",
        `${found.reason ?? "No reason was given."}`,
        {
          hint: found.previous?.version
            ? `Version ${found.previous.version} serves on. The endpoint's log: npx sluice logs ${model}`
            : `The endpoint's log: npx sluice logs ${model}`,
        },
      );
    await wait(POLL_MS);
  }
}
