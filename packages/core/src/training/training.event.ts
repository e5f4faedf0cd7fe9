import * as z from "zod";
import type { TrainingRunItem } from "./training.entity.ts";
import { TrainingStatus } from "./training.ts";

export const trainingEvents = {
  "training.changed": {
    subject: "name",
    detail: z.object({
      name: z.string(),
      model: z.string(),
      status: TrainingStatus,
      secondaryStatus: z.string().optional(),
      failureReason: z.string().optional(),
      dataset: z.string().optional(),
      /** S3 URI of the model.tar.gz of a completed job. */
      artifact: z.string().optional(),
      requestedBy: z.string().optional(),
      changedAt: z.string(),
    }),
  },
  /** A retraining is due, but the month's budget is spent. */
  "training.deferred": {
    subject: "model",
    detail: z.object({ model: z.string(), reason: z.string(), changedAt: z.string() }),
  },
} as const;

export const changedEvent = (run: TrainingRunItem) => ({
  type: "training.changed" as const,
  detail: { ...run },
});
