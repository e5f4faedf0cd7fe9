// A version: a model's package, its origin, its evaluation, and whether it may be deployed.
import * as z from "zod";
import { Task } from "../prediction/prediction.ts";

export const versionStatuses = ["evaluating", "accepted", "refused", "failed"] as const;
export const VersionStatus = z.enum(versionStatuses);
export type VersionStatus = z.output<typeof VersionStatus>;

export const versionSources = ["training", "uploaded"] as const;

export const evaluationStatuses = ["none", "running", "done", "failed"] as const;

/** The part of the package's sluice.json that is used outside the engine. */
export const PackageManifest = z.object({
  task: Task,
  classes: z.array(z.string()),
  /** The decoder of its output tensor: `softmax`, `yolov8` ... */
  head: z.string(),
  /** The input size of an image model. */
  width: z.number().optional(),
  height: z.number().optional(),
  /** Set for a model of SageMaker's own algorithm: served by its image (`code`), which returns a list of probabilities. */
  algorithm: z.literal("image-classification").optional(),
});
export type PackageManifest = z.output<typeof PackageManifest>;

/** The input of smoke tests, stored beside the package. */
export const Sample = z.object({
  key: z.string(),
  contentType: z.string(),
  /** Its label, when it is an item of the held-out split. */
  label: z.string().optional(),
});
export type Sample = z.output<typeof Sample>;

/** The algorithm's image, for a model that the serving image cannot run. */
export const algorithmImage = ({
  manifest,
  code,
}: Pick<ModelVersion, "manifest" | "code">): string | undefined => manifest.algorithm && code;

export const ModelVersion = z.object({
  model: z.string(),
  /** The first 12 hex digits of `digest`. */
  version: z.string(),
  /** SHA-256 of the package's file names and contents, not of the archive. */
  digest: z.string(),
  packageUri: z.string(),
  /** Size of the archive. */
  bytes: z.number(),
  manifest: PackageManifest,
  source: z.enum(versionSources),
  /** The training job, its image, and its dataset. */
  run: z.string().optional(),
  code: z.string().optional(),
  dataset: z.string().optional(),
  datasetDigest: z.string().optional(),
  hyperparameters: z.record(z.string(), z.string()).optional(),
  /** On the held-out split: accuracy, macroF1, ece, or mAP50 and mAP50to95. */
  metrics: z.record(z.string(), z.number()).optional(),
  evaluation: z.enum(evaluationStatuses),
  /** The latest evaluation's processing job, and its document's key in the artifacts bucket. */
  evaluationJob: z.string().optional(),
  evaluationKey: z.string().optional(),
  /** The dataset of the latest evaluation. */
  evaluationDataset: z.string().optional(),
  sample: Sample.optional(),
  status: VersionStatus,
  /** Why it was accepted, refused or failed. */
  reason: z.string().optional(),
  createdAt: z.string(),
  changedAt: z.string(),
});
export type ModelVersion = z.output<typeof ModelVersion>;
