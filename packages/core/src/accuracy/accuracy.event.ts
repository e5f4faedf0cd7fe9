import * as z from "zod";

const share = z.number().min(0).max(1);

export const accuracyEvents = {
  /** The whole interval of a week's real accuracy is below the declared bound. Once for each week and model. */
  "accuracy.low": {
    subject: "model",
    detail: z.object({
      model: z.string(),
      /** If all of the week's predictions are by this version. */
      modelVersion: z.string().optional(),
      /** The week, from Monday to Monday: ISO instants. */
      from: z.string(),
      to: z.string(),
      metric: z.literal("accuracy"),
      value: share,
      low: share,
      high: share,
      bound: share,
      count: z.number().int(),
      source: z.enum(["reviews", "ground truth", "both"]),
      changedAt: z.string(),
    }),
  },
} as const;
