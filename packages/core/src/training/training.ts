import * as z from "zod";
import { Estimate } from "../cost/cost.ts";

/** SageMaker's limit. */
export const MAX_RUNTIME_SECONDS = 28 * 86_400;

/** SageMaker's own, and `Preparing` before the job exists. */
export const trainingStatuses = [
  "Preparing",
  "InProgress",
  "Stopping",
  "Completed",
  "Failed",
  "Stopped",
  "Deleting",
] as const;
export const TrainingStatus = z.enum(trainingStatuses);
export type TrainingStatus = z.output<typeof TrainingStatus>;

/** `local`: a process started by the embedded SageMaker. `image`: a custom container image. */
export const platforms = ["sagemaker", "local", "image"] as const;

/** The processor that the hyperparameters of `torch` are for. */
export const profiles = ["cpu", "gpu"] as const;
export const Profile = z.enum(profiles);
export type Profile = z.output<typeof Profile>;

/** What a training starts from: files in S3, and the version they belong to. */
export const StartPoint = z.object({ uri: z.string(), version: z.string().optional() });
export type StartPoint = z.output<typeof StartPoint>;

/** A secondary status of SageMaker: Starting, Downloading, Training, Uploading ... */
export const Step = z.object({
  status: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  message: z.string().optional(),
});
export type Step = z.output<typeof Step>;

export const TrainingRun = z.object({
  /** Also the name of the SageMaker job. */
  name: z.string(),
  model: z.string(),
  status: TrainingStatus,
  secondaryStatus: z.string().optional(),
  failureReason: z.string().optional(),
  /** A stop was requested and the run has not stopped yet. */
  stopRequested: z.boolean().optional(),
  /** The dataset it trains on; absent until its preparation starts. */
  dataset: z.string().optional(),
  platform: z.enum(platforms).optional(),
  container: z.string().optional(),
  /** The image's URI once the job is created. */
  image: z.string().optional(),
  instance: z.string().optional(),
  profile: Profile.optional(),
  startPoint: StartPoint.optional(),
  /** What was decided for the request, in sentences. */
  notes: z.array(z.string()).optional(),
  spot: z.boolean().optional(),
  maxRuntimeSeconds: z.number().optional(),
  hyperparameters: z.record(z.string(), z.string()).optional(),
  steps: z.array(Step).optional(),
  artifact: z.string().optional(),
  /** The registered version; for identical content the version that existed before. */
  version: z.string().optional(),
  /** Why there is no version, or why its evaluation failed. */
  versionProblem: z.string().optional(),
  /** The last value of each metric. */
  metrics: z.record(z.string(), z.number()).optional(),
  billableSeconds: z.number().optional(),
  /** For the billable seconds, by the price table. */
  cost: Estimate.optional(),
  requestedBy: z.string().optional(),
  /** Labels from reviews count only if they changed in these days before the run. */
  productionDays: z.number().optional(),
  createdAt: z.string(),
  submittedAt: z.string().optional(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  changedAt: z.string(),
  /** SageMaker's last-modified time (epoch ms): an older one never overwrites a newer. */
  sourceModifiedAt: z.number(),
});
export type TrainingRun = z.output<typeof TrainingRun>;

/** Orders states that SageMaker reports with the same time. */
export const rank: Record<TrainingStatus, number> = {
  Preparing: 0,
  InProgress: 1,
  Stopping: 2,
  Completed: 3,
  Failed: 3,
  Stopped: 3,
  Deleting: 4,
};

/** A run of this rank or above is final, even if its job is deleted later. */
export const finalRank = 3;
export const hasEnded = (status: TrainingStatus) => rank[status] >= finalRank;
