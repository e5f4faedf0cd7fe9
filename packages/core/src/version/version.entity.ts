import { CustomAttributeType, Entity } from "electrodb";
import { gsi1, gsi2, primary, service } from "../table.ts";
import {
  type PackageManifest,
  evaluationStatuses,
  type Sample,
  versionSources,
  versionStatuses,
} from "./version.ts";

export const ModelVersionEntity = new Entity({
  model: { entity: "modelVersion", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    version: { type: "string", required: true },
    digest: { type: "string", required: true },
    packageUri: { type: "string", required: true },
    bytes: { type: "number", required: true },
    // Stored under the name of the first release.
    manifest: { type: CustomAttributeType<PackageManifest>("any"), field: "about", required: true },
    /** Older records have the value "brought". */
    source: {
      type: versionSources,
      required: true,
      get: (stored) => ((stored as string) === "brought" ? "uploaded" : stored),
    },
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
    byVersion: primary(["model"], ["version"]),
    byTime: gsi1(["model"], ["createdAt", "version"]),
    /** Finds running evaluations whose event was lost. */
    byEvaluation: gsi2(["evaluation"], ["model", "version"]),
  },
});
