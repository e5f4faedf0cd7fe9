import * as z from "zod";
import { DatasetStatus } from "./dataset.ts";

export const datasetEvents = {
  "dataset.changed": {
    subject: "id",
    detail: z.object({
      id: z.string(),
      model: z.string(),
      status: DatasetStatus,
      items: z.number().int().nonnegative().optional(),
      digest: z.string().optional(),
      reason: z.string().optional(),
      changedAt: z.string(),
    }),
  },
} as const;
