import * as z from "zod";
import { Finding, Harm } from "./report.ts";

export const monitorEvents = {
  "drift.detected": {
    subject: "model",
    detail: z.object({
      /** Of the report. */
      id: z.string(),
      model: z.string(),
      modelVersion: z.string(),
      from: z.string(),
      to: z.string(),
      count: z.number(),
      reason: z.string(),
      /** Those that drifted. */
      findings: z.array(Finding.pick({ name: true, group: true, effect: true, threshold: true })),
      harm: Harm.optional(),
      key: z.string(),
      changedAt: z.string(),
    }),
  },
} as const;
