// A model's package as a version: what it is, where it came from, how good it is, and whether it may be deployed.
import * as z from "zod";
import { Task } from "../prediction/prediction.ts";

export const versionStatuses = ["evaluating", "accepted", "refused", "failed"] as const;
export const VersionStatus = z.enum(versionStatuses);
export type VersionStatus = z.output<typeof VersionStatus>;

/** Only a rise in rank is a step forward, save that a version may be evaluated again. */
export const evaluationStatuses = ["none", "running", "done", "failed"] as const;

/** What sluice.json inside the package says, as far as it matters outside. */
export const About = z.object({
  task: Task,
  classes: z.array(z.string()),
  /** `softmax`, `yolov8` ...: how its output tensor is read. */
  head: z.string(),
  /** For pictures, the size the model sees. */
  width: z.number().optional(),
  height: z.number().optional(),
  /** Set for what SageMaker's own algorithm trained: its image, `code`, serves it, and answers bare probabilities. */
  algorithm: z.literal("image-classification").optional(),
});
export type About = z.output<typeof About>;

/** A known input, kept beside the package: what a smoke test asks. */
export const Sample = z.object({
  key: z.string(),
  contentType: z.string(),
  /** What it shows, when it is a labelled item of the held-out split. */
  label: z.string().optional(),
});
export type Sample = z.output<typeof Sample>;

/** Of an algorithm that cannot be asked by the serving image. */
export const ownImage = ({ about, code }: Pick<ModelVersion, "about" | "code">): string | undefined =>
  about.algorithm && code;

export const ModelVersion = z.object({
  model: z.string(),
  /** The first 12 hex digits of `digest`. */
  version: z.string(),
  /** SHA-256 of the package's content: of its files' names and bytes, not of the archive around them. */
  digest: z.string(),
  packageUri: z.string(),
  /** Of the archive. */
  bytes: z.number(),
  about: About,
  source: z.enum(["training", "brought"]),
  /** The training job, the image it ran, and the dataset it learned from. */
  run: z.string().optional(),
  code: z.string().optional(),
  dataset: z.string().optional(),
  datasetDigest: z.string().optional(),
  hyperparameters: z.record(z.string(), z.string()).optional(),
  /** The evaluation's figures on the held-out split: accuracy, macroF1, ece, or mAP50 and mAP50to95. */
  metrics: z.record(z.string(), z.number()).optional(),
  evaluation: z.enum(evaluationStatuses),
  /** The processing job of its latest evaluation, and where the latest document lies in the artifacts bucket. */
  evaluationJob: z.string().optional(),
  evaluationKey: z.string().optional(),
  /** The dataset whose held-out items its latest evaluation asked it. */
  evaluationDataset: z.string().optional(),
  sample: Sample.optional(),
  status: VersionStatus,
  /** Why it was accepted, refused or failed. */
  reason: z.string().optional(),
  createdAt: z.string(),
  changedAt: z.string(),
});
export type ModelVersion = z.output<typeof ModelVersion>;
