// What every label format says in the end: a file (or a text), and its class or its boxes.
import * as z from "zod";

export const Split = z.enum(["train", "validation", "test"]);
export type Split = z.infer<typeof Split>;

/** What a format carries that nothing else has a name for: kept, so that the way back loses nothing. */
const Extra = z.record(z.string(), z.unknown());

const most = Number.MAX_SAFE_INTEGER;
const least = 1e-130;
/** Whether a label can hold this number: DynamoDB has smallest ones, and its SDK takes no larger ones. */
export const isHoldable = (value: number) =>
  value === 0 || (Math.abs(value) >= least && Math.abs(value) <= most);
export const Measure = z
  .number()
  .refine(isHoldable, `must be 0 or a number from ${least} to ${most} in size`);

/** Pixels of the picture, from its top left corner; not held to the picture here: `validate` names what lies outside. */
export const Box = z.object({
  class: z.string().min(1),
  x: Measure,
  y: Measure,
  width: Measure,
  height: Measure,
  confidence: Measure.optional(),
  extra: Extra.optional(),
});
export type Box = z.infer<typeof Box>;

export const Size = z.object({ width: z.number().int().positive(), height: z.number().int().positive() });
export type Size = z.infer<typeof Size>;

export const Labelled = z
  .object({
    /** Its path in the collection, with `/`; absent for a text that stands in the label file itself. */
    file: z.string().min(1).optional(),
    text: z.string().optional(),
    label: z.string().min(1).optional(),
    /** Empty for a picture that was looked at and holds nothing; absent where nobody looked. */
    boxes: z.array(Box).optional(),
    split: Split.optional(),
    image: Size.optional(),
    /** Where the label comes from: a job's or a file's name. */
    source: z.string().optional(),
    annotator: z.string().optional(),
    /** ISO 8601. */
    labelledAt: z.string().optional(),
    confidence: Measure.optional(),
    extra: Extra.optional(),
    /** Where this was said. Of this reading only: never written. */
    at: z.object({ file: z.string(), line: z.number().int().positive().optional() }).optional(),
  })
  .refine((item) => item.file !== undefined || item.text !== undefined, "needs a file or a text");
export type Labelled = z.infer<typeof Labelled>;

/** A file that is listed but says neither class nor boxes is known, not labelled. */
export const isLabelled = (item: Labelled) => item.label !== undefined || item.boxes !== undefined;

/** Without the fields that say nothing, which JSON would drop as well. */
export const present = <T extends object>(item: T): T =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined)) as T;
