// Late ground truth as the API receives it, and what an import returns.
import * as z from "zod";

/** Of one request: its time is limited to 29 seconds. */
export const MAX_ROWS = 500;

export const GroundTruthRow = z
  .object({
    predictionId: z.string().min(1).max(80).optional(),
    /** A key of the uploads bucket. */
    key: z.string().min(1).max(1_024).optional(),
    label: z.string().min(1).max(100),
    /** Needed for a key that several models accept. */
    model: z.string().optional(),
    /** When the truth was found. Default: now. */
    labelledAt: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ predictionId, key }) => (predictionId === undefined) !== (key === undefined), {
    error: "set exactly one of predictionId and key",
  });
export type GroundTruthRow = z.output<typeof GroundTruthRow>;

/** Rows are validated one by one: a bad row is no reason to refuse the others. */
export const GroundTruth = z.object({
  rows: z.array(z.record(z.string(), z.unknown())).min(1).max(MAX_ROWS),
});

const Count = z.number().int();
export const GroundTruthOutcome = z.object({
  added: Count,
  changed: Count,
  unchanged: Count,
  /** A newer truth is stored. */
  older: Count,
  problems: z.array(z.object({ row: Count, code: z.string(), message: z.string() })),
});
export type GroundTruthOutcome = z.output<typeof GroundTruthOutcome>;
