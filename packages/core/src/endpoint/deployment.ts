// The history of an endpoint's configs, as the same observations tell it.
import { db } from "../db.ts";
import type { Observation } from "./change.ts";
import type { DeploymentItem } from "./deployment.entity.ts";

type Status = DeploymentItem["status"];
const rank: Record<Status, number> = { started: 1, succeeded: 2, rolledBack: 2, failed: 2 };

interface Step {
  config: string;
  status: Status;
  stage?: string;
  startedAt: number;
}

export function stepsOf(seen: Observation): Step[] {
  const startedAt = seen.pending?.startedAt ?? seen.modifiedAt;
  if (seen.pending) {
    const { config, stage } = seen.pending;
    const status = seen.status === "RollingBack" ? "rolledBack" : "started";
    return [{ config, status, stage, startedAt }];
  }
  if (!seen.config) return [];
  const { config } = seen;
  if (seen.status === "Creating") return [{ config, status: "started", startedAt }];
  // In service with a reason is the old config back: the failed one was named while it was pending.
  if (seen.status === "InService" && !seen.failureReason) return [{ config, status: "succeeded", startedAt }];
  if (seen.status === "Failed") return [{ config, status: "failed", startedAt }];
  return [];
}

export async function record(seen: Observation, now: number): Promise<void> {
  for (const { config, status, stage, startedAt } of stepsOf(seen)) {
    const order = rank[status];
    const entry = {
      status,
      rank: order,
      sourceModifiedAt: seen.modifiedAt,
      changedAt: new Date(now).toISOString(),
      ...(stage ? { stage } : {}),
      ...(seen.failureReason ? { failureReason: seen.failureReason } : {}),
    };
    await db()
      .entities.deployment.update({ endpoint: seen.name, config })
      .set({ ...entry, startedAt: new Date(startedAt).toISOString() })
      .where((is, { notExists, lt, eq }) => {
        const later = `${eq(is.rank, order)} AND ${lt(is.sourceModifiedAt, seen.modifiedAt)}`;
        return `${notExists(is.config)} OR ${lt(is.rank, order)} OR (${later})`;
      })
      .go({ response: "none", returnOnConditionCheckFailure: true });
  }
}
