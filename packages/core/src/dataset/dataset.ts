// A dataset: a model's labels as they stood at one moment, split for training, never changed after.
import * as z from "zod";
import { ImportProblem } from "../label/import.ts";

const Share = z.number().min(0).max(1);
const Count = z.number().int().nonnegative();

export const datasetStatuses = ["preparing", "ready", "failed"] as const;
export const DatasetStatus = z.enum(datasetStatuses);
export type DatasetStatus = z.output<typeof DatasetStatus>;

export const Shares = z
  .object({ train: Share, validation: Share, test: Share })
  .refine(
    ({ train, validation, test }) => Math.abs(train + validation + test - 1) < 1e-9,
    "train, validation and test must add up to 1",
  )
  .refine(({ train }) => train > 0, "nothing would be left to train on");
export type Shares = z.output<typeof Shares>;

export const DatasetOptions = z.object({
  seed: z.number().int().nonnegative().max(0xffffffff),
  split: Shares,
  /** The most examples of a class that training gets; validation and test keep the world's own shares. */
  caps: z.record(z.string(), z.number().int().positive()),
  weights: z.enum(["none", "balanced"]),
});
export type DatasetOptions = z.output<typeof DatasetOptions>;

/** What becomes of a class: items, and for a detector the boxes in them. */
export const ClassRow = z.object({
  class: z.string(),
  /** Before: as labelled. */
  labelled: Count,
  train: Count,
  validation: Count,
  test: Count,
  /** Left out of training by the class's cap. */
  capped: Count,
  /** Labelled, but missing or unreadable. */
  unusable: Count,
  boxes: Count.optional(),
  weight: z.number().optional(),
});
export type ClassRow = z.output<typeof ClassRow>;

export const Warning = z.object({
  code: z.enum([
    "CLASS_RARE",
    "CLASS_ABSENT",
    "CLASS_UNKNOWN",
    "GROUP_LARGE",
    "LABELS_CONFLICT",
    "FILES_UNUSABLE",
    "KIND_WRONG",
  ]),
  message: z.string(),
  fix: z.string(),
  class: z.string().optional(),
});
export type Warning = z.output<typeof Warning>;

const BySplit = z.object({ train: Count, validation: Count, test: Count });

export const Dataset = z.object({
  id: z.string(),
  model: z.string(),
  status: DatasetStatus,
  /** What it is at while it is being prepared, and how far. */
  step: z.enum(["waiting", "listing", "inspecting", "splitting"]).optional(),
  progress: z.object({ done: Count, total: Count }).optional(),
  options: DatasetOptions,
  /** Of the labels, the files' contents and the options: equal ones are the same dataset. */
  digest: z.string().optional(),
  /** Where its files lie in the artifacts bucket, ending in `/`; that of an identical older one, if there is one. */
  folder: z.string().optional(),
  identicalTo: z.string().optional(),
  items: BySplit.optional(),
  /** How many of them are objects of the uploads bucket; the others are texts that stand in the lines themselves. */
  objects: BySplit.optional(),
  /** Of these objects. */
  bytes: BySplit.optional(),
  classes: z.array(ClassRow).optional(),
  /** Groups of equal or nearly equal files, each kept in one split. */
  groups: z.object({ count: Count, items: Count, largest: Count }).optional(),
  warnings: z.array(Warning).default([]),
  problemCount: Count.default(0),
  /** The first of them; the report has more. */
  problems: z.array(ImportProblem).default([]),
  error: z.object({ code: z.string(), message: z.string(), hint: z.string() }).optional(),
  requestedBy: z.string().optional(),
  createdAt: z.string(),
  finishedAt: z.string().optional(),
  changedAt: z.string(),
});
export type Dataset = z.output<typeof Dataset>;

/** `report.json` in its folder. */
export const Report = Dataset.pick({
  id: true,
  model: true,
  digest: true,
  options: true,
  items: true,
  objects: true,
  bytes: true,
  classes: true,
  groups: true,
  warnings: true,
  problemCount: true,
  problems: true,
  createdAt: true,
  finishedAt: true,
});
export type Report = z.output<typeof Report>;

export const datasetFolder = (model: string, id: string) => `datasets/${model}/${id}/`;
