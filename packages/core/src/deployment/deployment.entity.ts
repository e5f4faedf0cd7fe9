import { Entity, type EntityItem } from "electrodb";
import { service, table } from "../table.ts";
import { deploymentStatuses, deploymentSteps } from "./deployment.ts";

export const DeploymentEntity = new Entity({
  model: { entity: "deployment", version: "2", service },
  attributes: {
    id: { type: "string", required: true },
    model: { type: "string", required: true },
    version: { type: "string", required: true },
    hosting: { type: "any", required: true },
    endpoint: { type: "string", required: true },
    candidate: { type: "string", required: true },
    config: { type: "string", required: true },
    status: { type: deploymentStatuses, required: true },
    step: { type: deploymentSteps, required: true },
    /** Counts the writes: whoever read an older one may not write. */
    revision: { type: "number", required: true },
    reason: { type: "string" },
    previous: { type: "any" },
    shift: { type: "any" },
    /** By endpoint: its last-modified time (epoch ms) when it was asked to serve the config, 0 when it was not there. */
    asked: { type: "any" },
    requestedBy: { type: "string", required: true },
    times: { type: "any", required: true },
    startedAt: { type: "string", required: true },
    changedAt: { type: "string", required: true },
    finishedAt: { type: "string" },
  },
  indexes: {
    byId: {
      pk: { field: table.pk, composite: ["id"], casing: "none" },
      sk: { field: table.sk, composite: [], casing: "none" },
    },
    byTime: {
      index: table.gsi1.index,
      pk: { field: table.gsi1.pk, composite: ["model"], casing: "none" },
      sk: { field: table.gsi1.sk, composite: ["startedAt", "id"], casing: "none" },
    },
    /** Those running: few, and looked for at every event. */
    byStatus: {
      index: table.gsi2.index,
      pk: { field: table.gsi2.pk, composite: ["status"], casing: "none" },
      sk: { field: table.gsi2.sk, composite: ["model", "id"], casing: "none" },
    },
  },
});

export type DeploymentItem = EntityItem<typeof DeploymentEntity>;
