import { Entity } from "electrodb";
import { service, table } from "../table.ts";
import { trainingStatuses } from "./training.ts";

export const TrainingRunEntity = new Entity({
  model: { entity: "trainingRun", version: "1", service },
  attributes: {
    name: { type: "string", required: true },
    model: { type: "string", required: true },
    status: { type: trainingStatuses, required: true },
    rank: { type: "number", required: true },
    secondaryStatus: { type: "string" },
    failureReason: { type: "string" },
    hyperparameters: { type: "any" },
    artifact: { type: "string" },
    metrics: { type: "any" },
    sourceModifiedAt: { type: "number", required: true },
    createdAt: { type: "string", required: true },
    startedAt: { type: "string" },
    finishedAt: { type: "string" },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byName: {
      pk: { field: table.pk, composite: ["name"], casing: "none" },
      sk: { field: table.sk, composite: [], casing: "none" },
    },
    byModel: {
      index: table.gsi1.index,
      pk: { field: table.gsi1.pk, composite: ["model"], casing: "none" },
      sk: { field: table.gsi1.sk, composite: ["createdAt", "name"], casing: "none" },
    },
  },
});
