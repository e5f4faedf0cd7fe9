// Events of accuracy and retraining, until their owners declare them.
import * as z from "zod";

const share = z.number().min(0).max(1);

export const awaitedEvents = {
  "accuracy.low": {
    subject: "model",
    detail: z.object({
      model: z.string(),
      from: z.string(),
      to: z.string(),
      value: share,
      low: share,
      high: share,
      bound: share,
      count: z.number().int(),
      changedAt: z.string(),
    }),
  },
  "retrain.decided": {
    subject: "model",
    detail: z.object({
      id: z.string(),
      model: z.string(),
      act: z.boolean(),
      reason: z.string(),
      explanation: z.string(),
      changedAt: z.string(),
    }),
  },
} as const;
