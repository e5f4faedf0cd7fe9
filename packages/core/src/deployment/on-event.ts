import { byName } from "@sluice/models/index.ts";
import { SluiceError } from "../error/error.ts";
import type { DomainEvent } from "../events.ts";
import { log } from "../log.ts";
import { getVersion } from "../version/read.ts";
import { advanceDeployment } from "./advance.ts";
import { getTraffic } from "./read.ts";
import { provision } from "./request.ts";

export type DeploymentTrigger = DomainEvent<"endpoint.changed" | "deployment.changed" | "version.accepted">;

export async function handleDeploymentEvent(
  { type, detail }: DeploymentTrigger,
  now: () => number,
): Promise<void> {
  if (type === "version.accepted") await deployByPolicy(detail.model, detail.version, now());
  await advanceDeployment(detail.model, now);
}

/** Deploys automatically only a version that was evaluated. Without a live version it goes live at once. */
async function deployByPolicy(model: string, version: string, now: number): Promise<void> {
  const policy = byName(model)?.policy.deploy;
  if (!policy) return;
  const found = await getVersion(model, version);
  if (found.evaluation !== "done" || found.status !== "accepted") return;
  try {
    const live = (await getTraffic(model)).version;
    const { action } = await provision({ model, version, ...(live && policy.shift) }, "policy", now);
    log().info("Deployed by policy", { model, version, action, shares: live && policy.shift?.shares });
  } catch (error) {
    if (!(error instanceof SluiceError) || error.retryable) throw error;
    log().warn("Not deployed by policy", { model, version, code: error.code, reason: error.message });
  }
}
