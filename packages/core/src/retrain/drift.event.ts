import * as z from "zod";

export const driftEvents = {
  "drift.detected": {
    subject: "model",
    detail: z.object({
      id: z.string(),
      model: z.string(),
      reason: z.string(),
      harm: z
        .object({
          metric: z.enum(["accuracy", "precision"]),
          baseline: z.number().optional(),
          estimated: z.number(),
          low: z.number(),
          high: z.number(),
        })
        .optional(),
      changedAt: z.string(),
    }),
  },
} as const;
