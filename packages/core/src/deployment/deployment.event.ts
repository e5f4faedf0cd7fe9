import * as z from "zod";
import type { DeploymentItem } from "./deployment.entity.ts";

export const deploymentEvents = {
  "deployment.changed": {
    subject: "endpoint",
    detail: z.object({
      id: z.string(),
      model: z.string(),
      endpoint: z.string(),
      version: z.string(),
      step: z.string(),
      status: z.enum(["started", "live", "failed"]),
      reason: z.string().optional(),
      /** A newer deployment replaced it: `failed` is then not a failure. */
      superseded: z.literal(true).optional(),
      changedAt: z.string(),
    }),
  },
} as const;

const statusOf = { running: "started", live: "live", failed: "failed", superseded: "failed" } as const;

export const changedEvent = (
  { id, model, endpoint, version, step, status, reason }: DeploymentItem,
  now: number,
) => ({
  type: "deployment.changed" as const,
  detail: {
    id,
    model,
    endpoint,
    version,
    step,
    status: statusOf[status],
    reason,
    superseded: status === "superseded" ? (true as const) : undefined,
    changedAt: new Date(now).toISOString(),
  },
});
