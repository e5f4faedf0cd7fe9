import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { gsi1, gsi2, primary, service } from "../table.ts";
import {
  type Deployment,
  deploymentStatuses,
  deploymentSteps,
  readStoredStep,
  type Hosting,
  type Shift,
} from "./deployment.ts";

export const DeploymentEntity = new Entity({
  model: { entity: "deployment", version: "2", service },
  attributes: {
    id: { type: "string", required: true },
    model: { type: "string", required: true },
    version: { type: "string", required: true },
    hosting: { type: CustomAttributeType<Hosting>("any"), required: true },
    requested: { type: CustomAttributeType<Deployment["requested"]>("any") },
    endpoint: { type: "string", required: true },
    candidate: { type: "string", required: true },
    config: { type: "string", required: true },
    status: { type: deploymentStatuses, required: true },
    step: { type: deploymentSteps, required: true, get: readStoredStep },
    /** Incremented by each write: a writer that read an older one fails. */
    revision: { type: "number", required: true },
    reason: { type: "string" },
    changes: { type: CustomAttributeType<string[]>("any") },
    previous: { type: CustomAttributeType<Deployment["previous"]>("any") },
    shift: { type: CustomAttributeType<Shift>("any") },
    comparisons: { type: CustomAttributeType<Deployment["comparisons"]>("any") },
    /** By endpoint: its last-modified time (epoch ms) before the config was requested, 0 when it did not exist. */
    modifiedBefore: { type: CustomAttributeType<Record<string, number>>("any") },
    requestedBy: { type: "string", required: true },
    times: {
      type: CustomAttributeType<Deployment["times"]>("any"),
      required: true,
      get: (times?: Deployment["times"]) =>
        times?.map((entry) => ({ ...entry, step: readStoredStep(entry.step) })),
    },
    startedAt: { type: "string", required: true },
    changedAt: { type: "string", required: true },
    finishedAt: { type: "string" },
  },
  indexes: {
    byId: primary(["id"], []),
    byTime: gsi1(["model"], ["startedAt", "id"]),
    /** The running ones are few and read at every event. */
    byStatus: gsi2(["status"], ["model", "id"]),
  },
});

export type DeploymentItem = EntityItem<typeof DeploymentEntity>;
