import * as z from "zod";

const Count = z.number().int().nonnegative();

export const labelEvents = {
  "labels.changed": {
    subject: "id",
    detail: z.object({
      /** Id of the import or of the single change: `imp_...`. */
      id: z.string(),
      model: z.string(),
      added: Count,
      changed: Count,
      removed: Count,
      /** A key of the uploads bucket, or who set the labels. */
      source: z.string(),
      /** The labeled objects, when they are few. */
      keys: z.array(z.string()).max(20).optional(),
      changedAt: z.string(),
    }),
  },
} as const;
