// The history of an endpoint's configs, from the same observations as its status.
import { db } from "../db.ts";
import type { EndpointObservation } from "./change.ts";
import type { Endpoint } from "./endpoint.ts";
import type { ConfigChangeItem } from "./config-change.entity.ts";

type Status = ConfigChangeItem["status"];
const rank: Record<Status, number> = { started: 1, succeeded: 2, rolledBack: 2, failed: 2 };

interface Step {
  config: string;
  status: Status;
  stage?: string;
  at: number;
}

function stepsOf(seen: EndpointObservation): Step[] {
  if (seen.pending) {
    const { config, stage, startedAt } = seen.pending;
    const status = seen.status === "RollingBack" ? "rolledBack" : "started";
    return [{ config, status, stage, at: startedAt }];
  }
  if (!seen.config) return [];
  const { config, modifiedAt: at } = seen;
  if (seen.status === "Creating") return [{ config, status: "started", at }];
  // In service with a reason: the old config after a rollback. The failed one was recorded while pending.
  if (seen.status === "InService" && !seen.failureReason) return [{ config, status: "succeeded", at }];
  if (seen.status === "Failed") return [{ config, status: "failed", at }];
  return [];
}

export async function recordConfigChange(seen: EndpointObservation, now: number): Promise<void> {
  for (const { config, status, stage, at } of stepsOf(seen)) {
    const order = rank[status];
    await db()
      .entities.configChange.put({
        endpoint: seen.name,
        config,
        status,
        stage,
        rank: order,
        failureReason: seen.failureReason,
        at: new Date(at).toISOString(),
        sourceModifiedAt: seen.modifiedAt,
        changedAt: new Date(now).toISOString(),
      })
      .where((is, { notExists, lt, eq }) => {
        const later = `${eq(is.rank, order)} AND ${lt(is.sourceModifiedAt, seen.modifiedAt)}`;
        return `${notExists(is.config)} OR ${lt(is.rank, order)} OR (${later})`;
      })
      .go({ response: "none", returnOnConditionCheckFailure: true });
  }
}

/** Newest first. A started change whose config does not serve was rolled back, with or without an event. */
export async function listConfigChanges(endpoint: Endpoint): Promise<ConfigChangeItem[]> {
  const { data } = await db()
    .entities.configChange.query.byTime({ endpoint: endpoint.name })
    .go({ pages: "all", order: "desc" });
  const inService = endpoint.status === "InService";
  return data.map((item) => {
    const passed = item.config !== endpoint.config && item.sourceModifiedAt <= endpoint.sourceModifiedAt;
    return item.status === "started" && inService && passed ? { ...item, status: "rolledBack" } : item;
  });
}
