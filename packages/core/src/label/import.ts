// The import of one label file: its state, counts and problems.
import * as z from "zod";

export const importStatuses = ["waiting", "running", "done", "failed"] as const;

export const ImportProblem = z.object({
  code: z.string(),
  file: z.string(),
  line: z.number().optional(),
  message: z.string(),
  fix: z.string(),
});
export type ImportProblem = z.output<typeof ImportProblem>;

export const Import = z.object({
  id: z.string(),
  model: z.string(),
  status: z.enum(importStatuses),
  /** The label file's key in the uploads bucket, or the prefix whose class folders are the labels. */
  source: z.string(),
  format: z.string().optional(),
  added: z.number().int().default(0),
  changed: z.number().int().default(0),
  unchanged: z.number().int().default(0),
  /** Skipped, because the stored label is newer. */
  older: z.number().int().default(0),
  problemCount: z.number().int().default(0),
  /** The first ones. */
  problems: z.array(ImportProblem).default([]),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
  createdAt: z.string(),
  finishedAt: z.string().optional(),
  changedAt: z.string(),
});
export type Import = z.output<typeof Import>;
