import { Entity, type EntityItem } from "electrodb";
import { gsi1, primary, service } from "../table.ts";

/** A change of an endpoint to another config. */
export const ConfigChangeEntity = new Entity({
  model: { entity: "configChange", version: "1", service },
  attributes: {
    endpoint: { type: "string", required: true },
    config: { type: "string", required: true },
    status: { type: ["started", "succeeded", "rolledBack", "failed"] as const, required: true },
    rank: { type: "number", required: true },
    stage: { type: "string" },
    failureReason: { type: "string" },
    /** When its latest known step started. */
    at: { type: "string", required: true },
    sourceModifiedAt: { type: "number", required: true },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byConfig: primary(["endpoint"], ["config"]),
    byTime: gsi1(["endpoint"], ["at"]),
  },
});

export type ConfigChangeItem = EntityItem<typeof ConfigChangeEntity>;
