// A dataset: an immutable snapshot of a model's labels, split for training.
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
  .refine(({ train }) => train > 0, "train must be above 0");
export type Shares = z.output<typeof Shares>;

export const DatasetOptions = z.object({
  seed: z.number().int().nonnegative().max(0xffffffff),
  split: Shares,
  /** Maximum training examples of a class. Validation and test are not capped. */
  caps: z.record(z.string(), z.number().int().positive()),
  weights: z.enum(["none", "balanced"]),
  /** Leaves out labels from reviews that changed before. Other labels always count. */
  productionSince: z.iso.datetime({ offset: true }).optional(),
});
export type DatasetOptions = z.output<typeof DatasetOptions>;

/** The items of a class and, for object detection, the boxes in them. */
export const ClassRow = z.object({
  class: z.string(),
  labelled: Count,
  train: Count,
  validation: Count,
  test: Count,
  /** Left out of training because of the cap. */
  capped: Count,
  /** Labeled items whose file cannot be used. */
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
  /** The current step while `preparing`. */
  step: z.enum(["waiting", "listing", "inspecting", "splitting"]).optional(),
  progress: z.object({ done: Count, total: Count }).optional(),
  options: DatasetOptions,
  /** Of labels, contents and options. Datasets with equal digests are identical. */
  digest: z.string().optional(),
  /** The prefix of its files in the artifacts bucket, or of an identical older dataset's files. Ends in `/`. */
  folder: z.string().optional(),
  identicalTo: z.string().optional(),
  items: BySplit.optional(),
  /** Items that are objects of the uploads bucket. The others are texts in the lines. */
  objects: BySplit.optional(),
  /** Total size of these objects. */
  bytes: BySplit.optional(),
  classes: z.array(ClassRow).optional(),
  /** Groups of equal or similar files. Each group is in one split. */
  groups: z.object({ count: Count, items: Count, largest: Count }).optional(),
  warnings: z.array(Warning).default([]),
  problemCount: Count.default(0),
  /** The first ones. The report has more. */
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
