import * as z from "zod";

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

export const TrainingRun = z.object({
  name: z.string(),
  model: z.string(),
  status: TrainingStatus,
  secondaryStatus: z.string().optional(),
  failureReason: z.string().optional(),
  hyperparameters: z.record(z.string(), z.string()).optional(),
  artifact: z.string().optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  sourceModifiedAt: z.number(),
  createdAt: z.string(),
  startedAt: z.string().optional(),
  finishedAt: z.string().optional(),
  changedAt: z.string(),
});
export type TrainingRun = z.output<typeof TrainingRun>;
