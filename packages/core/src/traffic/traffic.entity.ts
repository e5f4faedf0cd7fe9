import { Entity } from "electrodb";
import { service, table } from "../table.ts";
import { deploymentTargets } from "../deployment/deployment.ts";

/** One a model, read by every worker of its queue now and then. */
export const TrafficEntity = new Entity({
  model: { entity: "traffic", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    version: { type: "string" },
    endpoint: { type: "string" },
    target: { type: deploymentTargets },
    bare: { type: "any" },
    candidate: { type: "any" },
    answers: { type: "number" },
    failures: { type: "number" },
    opening: { type: "string" },
    deployment: { type: "string" },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byModel: {
      pk: { field: table.pk, composite: ["model"], casing: "none" },
      sk: { field: table.sk, composite: [], casing: "none" },
    },
  },
});
