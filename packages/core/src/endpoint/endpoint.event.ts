import * as z from "zod";
import { EndpointStatus } from "./endpoint.ts";

export const endpointEvents = {
  "endpoint.changed": {
    subject: "name",
    detail: z.object({
      name: z.string(),
      model: z.string(),
      status: EndpointStatus,
      config: z.string().optional(),
      failureReason: z.string().optional(),
      rolledBack: z.boolean().optional(),
      changedAt: z.string(),
    }),
  },
} as const;
