import * as z from "zod";
import { Estimate } from "../cost/estimate.ts";

/** SageMaker's own, and `Preparing` while there is no job yet. */
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

/** `local`: a process of this machine, by the embedded SageMaker. `image`: a container of one's own. */
export const platforms = ["sagemaker", "local", "image"] as const;

/** A step SageMaker went through: Starting, Downloading, Training, Uploading ... */
export const Step = z.object({
  status: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  message: z.string().optional(),
});
export type Step = z.output<typeof Step>;

export const TrainingRun = z.object({
  /** Also the SageMaker job's. */
  name: z.string(),
  model: z.string(),
  status: TrainingStatus,
  secondaryStatus: z.string().optional(),
  failureReason: z.string().optional(),
  /** A stop was asked for and has not come true yet. */
  stopRequested: z.boolean().optional(),
  /** The dataset it learns from; absent until one is being prepared. */
  dataset: z.string().optional(),
  platform: z.enum(platforms).optional(),
  container: z.string().optional(),
  /** The image's URI once the job is created. */
  image: z.string().optional(),
  instance: z.string().optional(),
  spot: z.boolean().optional(),
  maxRuntimeSeconds: z.number().optional(),
  hyperparameters: z.record(z.string(), z.string()).optional(),
  steps: z.array(Step).optional(),
  artifact: z.string().optional(),
  /** What came of it, once registered; for equal content the version that was there before. */
  version: z.string().optional(),
  /** Why no version came of it, or none that could be judged. */
  versionProblem: z.string().optional(),
  /** The last value of each metric. */
  metrics: z.record(z.string(), z.number()).optional(),
  billableSeconds: z.number().optional(),
  /** What AWS asks for these seconds, by the price table. */
  cost: Estimate.optional(),
  requestedBy: z.string().optional(),
  createdAt: z.string(),
  submittedAt: z.string().optional(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  changedAt: z.string(),
  /** SageMaker's last-modified time (epoch ms): an older one never overwrites a newer. */
  sourceModifiedAt: z.number(),
});
export type TrainingRun = z.output<typeof TrainingRun>;

/** Which of two states is the later one when SageMaker gives both the same time. */
export const rank: Record<TrainingStatus, number> = {
  Preparing: 0,
  InProgress: 1,
  Stopping: 2,
  Completed: 3,
  Failed: 3,
  Stopped: 3,
  Deleting: 4,
};

/** From here a run changes no more: that its job is deleted later takes nothing back. */
export const finalRank = 3;
export const isOver = (status: TrainingStatus) => rank[status] >= finalRank;
