import type { ModelVersion } from "@sluice/core/version/version.ts";
import { type Client, readBody } from "../target/client.ts";
import { poll } from "../target/poll.ts";
import { Failure } from "../terminal/failure.ts";
import { paint } from "../terminal/output.ts";

const POLL_MS = 500;

type VersionName = Pick<ModelVersion, "model" | "version">;

export const getVersion = (api: Client, { model, version }: VersionName): Promise<ModelVersion> =>
  readBody(api.versions[":model"][":version"].$get({ param: { model, version } }));

/** The version, as soon as no evaluation of it is running. */
export const waitForEvaluation = (api: Client, name: VersionName): Promise<ModelVersion> =>
  poll(
    async () => {
      const found = await getVersion(api, name);
      return found.evaluation === "running" ? undefined : found;
    },
    POLL_MS,
    () => `The evaluation continues: npx sluice versions show ${name.model} ${name.version}`,
  );

/** `version 1a02fbf2bdee: accuracy 0.9600 on 44 held-out items, accepted` */
export function evaluationLine({ version, metrics = {}, status, reason }: ModelVersion): string {
  const [name, value] = Object.entries(metrics).find(([metric]) => /^(accuracy|mAP50)$/.test(metric)) ?? [];
  const score =
    value === undefined ? "" : `${name} ${value.toFixed(4)} on ${metrics["samples"]} held-out items, `;
  return `version ${version}: ${score}${status}${reason ? paint("dim", ` (${reason})`) : ""}`;
}

/** Throws for a version that must not be deployed, with the options that remain. */
export function requireAccepted({ model, version, status, reason }: ModelVersion): void {
  if (status === "accepted") return;
  const code = status === "refused" ? "VERSION_REFUSED" : "EVALUATION_FAILED";
  const show = `See its evaluation: npx sluice versions show ${model} ${version}. Train again with more labels`;
  throw new Failure(code, `Version ${version} is ${status}: ${reason ?? "no reason was recorded."}`, {
    hint:
      status === "refused"
        ? `${show}, or deploy it anyway: npx sluice provision ${model} --version ${version} --force`
        : `${show}.`,
  });
}
