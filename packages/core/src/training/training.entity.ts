import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { gsi1, gsi2, gsi3, primary, service } from "../table.ts";
import type { Estimate } from "../cost/cost.ts";
import { platforms, profiles, type StartPoint, type Step, trainingStatuses } from "./training.ts";

/** gsi1: by model. gsi2: active ones only. gsi3: all, tens a week. */
export const TrainingRunEntity = new Entity({
  model: { entity: "trainingRun", version: "1", service },
  attributes: {
    name: { type: "string", required: true },
    model: { type: "string", required: true },
    status: { type: trainingStatuses, required: true },
    rank: { type: "number", required: true },
    secondaryStatus: { type: "string" },
    failureReason: { type: "string" },
    stopRequested: { type: "boolean" },
    dataset: { type: "string" },
    platform: { type: platforms },
    container: { type: "string" },
    image: { type: "string" },
    instance: { type: "string" },
    profile: { type: profiles },
    startPoint: { type: CustomAttributeType<StartPoint>("any") },
    notes: { type: CustomAttributeType<string[]>("any") },
    spot: { type: "boolean" },
    maxRuntimeSeconds: { type: "number" },
    hyperparameters: { type: CustomAttributeType<Record<string, string>>("any") },
    steps: { type: CustomAttributeType<Step[]>("any") },
    artifact: { type: "string" },
    version: { type: "string" },
    versionProblem: { type: "string" },
    metrics: { type: CustomAttributeType<Record<string, number>>("any") },
    billableSeconds: { type: "number" },
    cost: { type: CustomAttributeType<Estimate>("any") },
    requestedBy: { type: "string" },
    productionDays: { type: "number" },
    sourceModifiedAt: { type: "number", required: true },
    createdAt: { type: "string", required: true },
    submittedAt: { type: "string" },
    startedAt: { type: "string" },
    finishedAt: { type: "string" },
    changedAt: { type: "string", required: true },
    /** Always written: a conditional index requires all its attributes. */
    active: { type: ["yes", "no"] as const, required: true },
  },
  indexes: {
    byName: primary(["name"], []),
    byModel: gsi1(["model"], ["createdAt", "name"]),
    byActive: {
      ...gsi2(["active"], ["name"]),
      condition: ({ active }) => active === "yes",
    },
    byTime: gsi3([], ["createdAt", "name"]),
  },
});
export type TrainingRunItem = EntityItem<typeof TrainingRunEntity>;

/** Held by the run that is training the model. */
export const TrainingSlotEntity = new Entity({
  model: { entity: "trainingSlot", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    run: { type: "string", required: true },
  },
  indexes: {
    byModel: primary(["model"], []),
  },
});
