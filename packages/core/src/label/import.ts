// One label file's way into the table, and what was wrong with it.
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
  /** Labels that were new, said something else than before, or said the same. */
  added: z.number().int().default(0),
  changed: z.number().int().default(0),
  unchanged: z.number().int().default(0),
  /** Left as they were, for what stood there was labelled later. */
  older: z.number().int().default(0),
  problemCount: z.number().int().default(0),
  /** The first of them. */
  problems: z.array(ImportProblem).default([]),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
  createdAt: z.string(),
  finishedAt: z.string().optional(),
  changedAt: z.string(),
});
export type Import = z.output<typeof Import>;
