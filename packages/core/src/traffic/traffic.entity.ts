import { CustomAttributeType, Entity } from "electrodb";
import { primary, service } from "../table.ts";
import type { Traffic } from "./traffic.ts";
import { deploymentTargets } from "../deployment/deployment.ts";

/** One per model, read regularly by every worker of its queue. */
export const TrafficEntity = new Entity({
  model: { entity: "traffic", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    version: { type: "string" },
    endpoint: { type: "string" },
    target: { type: deploymentTargets },
    probabilityClasses: { type: CustomAttributeType<string[]>("any") },
    candidate: { type: CustomAttributeType<Traffic["candidate"]>("any") },
    responses: { type: "number", field: "answers" },
    failures: { type: "number" },
    opening: { type: "string" },
    deployment: { type: "string" },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byModel: primary(["model"], []),
  },
});
