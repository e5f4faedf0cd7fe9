// Apart from problem.ts, because the live function returns problems without loading the schema library.
import { z } from "@hono/zod-openapi";
import { errorCodes } from "@sluice/core/error/codes.ts";

export const Problem = z
  .object({
    type: z.string().openapi({ example: "urn:sluice:problem:MODEL_UNKNOWN" }),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string().openapi({ description: `One of ${errorCodes.join(", ")}, or an HTTP error code.` }),
    hint: z.string(),
    instance: z.string(),
    requestId: z.string(),
    issues: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .openapi("Problem");
