import { CustomAttributeType, Entity } from "electrodb";
import { service, table } from "../table.ts";
import { type About, evaluationStatuses, type Sample, versionSources, versionStatuses } from "./version.ts";

export const ModelVersionEntity = new Entity({
  model: { entity: "modelVersion", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    version: { type: "string", required: true },
    digest: { type: "string", required: true },
    packageUri: { type: "string", required: true },
    bytes: { type: "number", required: true },
    about: { type: CustomAttributeType<About>("any"), required: true },
    /** Older records have the value "brought". */
    source: { type: versionSources, required: true, get: (stored) => ((stored as string) === "brought" ? "uploaded" : stored) },
    run: { type: "string" },
    code: { type: "string" },
    dataset: { type: "string" },
    datasetDigest: { type: "string" },
    hyperparameters: { type: CustomAttributeType<Record<string, string>>("any") },
    metrics: { type: CustomAttributeType<Record<string, number>>("any") },
    evaluation: { type: evaluationStatuses, required: true },
    evaluationJob: { type: "string" },
    evaluationKey: { type: "string" },
    evaluationDataset: { type: "string" },
    sample: { type: CustomAttributeType<Sample>("any") },
    status: { type: versionStatuses, required: true },
    reason: { type: "string" },
    createdAt: { type: "string", required: true },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byVersion: {
      pk: { field: table.pk, composite: ["model"], casing: "none" },
      sk: { field: table.sk, composite: ["version"], casing: "none" },
    },
    byTime: {
      index: table.gsi1.index,
      pk: { field: table.gsi1.pk, composite: ["model"], casing: "none" },
      sk: { field: table.gsi1.sk, composite: ["createdAt", "version"], casing: "none" },
    },
    /** Finds running evaluations whose event was lost. */
    byEvaluation: {
      index: table.gsi2.index,
      pk: { field: table.gsi2.pk, composite: ["evaluation"], casing: "none" },
      sk: { field: table.gsi2.sk, composite: ["model", "version"], casing: "none" },
    },
  },
});
