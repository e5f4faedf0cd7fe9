import { byName } from "@sluice/models/index.ts";
import { SluiceError } from "../error/error.ts";
import type { DomainEvent } from "../events.ts";
import { log } from "../log.ts";
import { getVersion } from "../version/read.ts";
import { advanceDeployment } from "./advance.ts";
import { provision } from "./request.ts";

export type DeploymentTrigger = DomainEvent<"endpoint.changed" | "deployment.changed" | "version.accepted">;

export async function handleDeploymentEvent(
  { type, detail }: DeploymentTrigger,
  now: () => number,
): Promise<void> {
  if (type === "version.accepted") await deployByPolicy(detail.model, detail.version, now());
  await advanceDeployment(detail.model, now);
}

/** Deploys automatically only a version that was evaluated. */
async function deployByPolicy(model: string, version: string, now: number): Promise<void> {
  if (!byName(model)?.policy.deploy) return;
  const found = await getVersion(model, version);
  if (found.evaluation !== "done" || found.status !== "accepted") return;
  try {
    const { action } = await provision({ model, version }, "policy", now);
    log().info("Deployed by policy", { model, version, action });
  } catch (error) {
    if (!(error instanceof SluiceError) || error.retryable) throw error;
    log().warn("Not deployed by policy", { model, version, code: error.code, reason: error.message });
  }
}
