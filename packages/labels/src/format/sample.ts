// A sample: a file or a text, with its class or boxes. All label formats are read into samples.
import "@sluice/models/plain-messages.ts";
import * as z from "zod";

export const Split = z.enum(["train", "validation", "test"]);
export type Split = z.infer<typeof Split>;

/** Fields that only one format knows. They are stored, so that writing the same format loses nothing. */
const Extra = z.record(z.string(), z.unknown());

const most = Number.MAX_SAFE_INTEGER;
const least = 1e-130;
/** DynamoDB's smallest number is 1e-130. Its SDK accepts safe integers only. */
export const isStorableNumber = (value: number) =>
  value === 0 || (Math.abs(value) >= least && Math.abs(value) <= most);
export const StorableNumber = z
  .number()
  .refine(isStorableNumber, `must be 0 or have a magnitude from ${least} to ${most}`);

/** Pixels, from the image's top left corner. Boxes may be outside the image: `validate` reports them. */
export const Box = z.object({
  class: z.string().min(1),
  x: StorableNumber,
  y: StorableNumber,
  width: StorableNumber,
  height: StorableNumber,
  confidence: StorableNumber.optional(),
  extra: Extra.optional(),
});
export type Box = z.infer<typeof Box>;

export const Size = z.object({ width: z.number().int().positive(), height: z.number().int().positive() });
export type Size = z.infer<typeof Size>;

export const Sample = z
  .object({
    /** The path in the collection, with `/`. Absent for a text of the label file. */
    file: z.string().min(1).optional(),
    text: z.string().optional(),
    label: z.string().min(1).optional(),
    /** Empty for an image without objects. Absent for an image without a label. */
    boxes: z.array(Box).optional(),
    split: Split.optional(),
    image: Size.optional(),
    /** The labeling job or label file. */
    source: z.string().optional(),
    annotator: z.string().optional(),
    /** ISO 8601. */
    labelledAt: z.string().optional(),
    confidence: StorableNumber.optional(),
    extra: Extra.optional(),
    /** The location in the label file. Never written. */
    at: z.object({ file: z.string(), line: z.number().int().positive().optional() }).optional(),
  })
  .refine((item) => item.file !== undefined || item.text !== undefined, "needs a file or a text");
export type Sample = z.infer<typeof Sample>;

/** A label file may list files without a label. */
export const isLabelled = (item: Sample) => item.label !== undefined || item.boxes !== undefined;

export const withoutUndefined = <T extends object>(item: T): T =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as T;
