// The label of an object in the uploads bucket, or of a text: one class, or boxes.
import * as z from "zod";
import { Box, StorableNumber, Size, Split } from "@sluice/labels/format/sample.ts";

/** A DynamoDB sort key holds 1,024 bytes, some for the entity name. */
export const maxKeyBytes = 1_000;
/** A DynamoDB item holds 400 KB, with boxes and history. */
export const maxTextBytes = 200_000;
export const maxBoxes = 2_000;
/** Bytes of JSON: fields that only the label's format knows. */
export const maxExtraBytes = 50_000;
const maxBoxExtraBytes = 100_000;

/** Infinity for values nested too deeply to serialize. */
export function jsonBytes(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value));
  } catch {
    return Infinity;
  }
}

const WellFormedText = z
  .string()
  .refine((text) => text.isWellFormed(), "must not contain an unpaired surrogate");

export const PreviousLabel = z.object({
  label: z.string().optional(),
  /** The number of boxes. The boxes are not stored. */
  boxes: z.number().int().optional(),
  source: z.string(),
  annotator: z.string().optional(),
  labelledAt: z.string(),
});
export type PreviousLabel = z.output<typeof PreviousLabel>;

/** A label without its history. With `key` and `text`, the label contains the text itself. */
export const LabelInput = z.object({
  key: WellFormedText.min(1).refine(
    (key) => Buffer.byteLength(key) <= maxKeyBytes,
    `must not be longer than ${maxKeyBytes} bytes`,
  ),
  label: WellFormedText.min(1).max(100).optional(),
  boxes: z
    .array(Box)
    .max(maxBoxes)
    .refine(
      (boxes) =>
        boxes.every(({ extra }) => !extra) || jsonBytes(boxes.map(({ extra }) => extra)) <= maxBoxExtraBytes,
      `must not contain more than ${maxBoxExtraBytes} bytes of other fields`,
    )
    .optional(),
  text: WellFormedText.min(1)
    .refine(
      (text) => Buffer.byteLength(text) <= maxTextBytes,
      `must not be longer than ${maxTextBytes} bytes`,
    )
    .optional(),
  image: Size.optional(),
  annotator: WellFormedText.max(200).optional(),
  /** The labeling job that the label file names. Default: the label file. */
  source: WellFormedText.max(1_100).optional(),
  /** ISO 8601. The latest label of a key wins. */
  labelledAt: z.string(),
  confidence: StorableNumber.optional(),
  /** The split that the label file states. `prepare` ignores it. */
  split: Split.optional(),
  extra: z
    .record(z.string(), z.unknown())
    .refine((extra) => jsonBytes(extra) <= maxExtraBytes, `must not contain more than ${maxExtraBytes} bytes`)
    .optional(),
});
export type LabelInput = z.output<typeof LabelInput>;

export const Label = LabelInput.extend({
  model: z.string(),
  /** The label file, or who set it. */
  source: z.string(),
  /** Newest first. */
  history: z.array(PreviousLabel).optional(),
  changedAt: z.string(),
});
export type Label = z.output<typeof Label>;

/** The counts of a shard by class: [items, boxes]. */
export type CountsByClass = Record<string, [items: number, boxes: number]>;

export const ClassCount = z.object({
  class: z.string(),
  /** Objects or texts with this class. For object detection: with at least one such box. */
  items: z.number().int(),
  boxes: z.number().int().optional(),
});

export const Counts = z.object({
  model: z.string(),
  total: z.number().int(),
  /** The declared classes in order, then other classes of the labels. */
  classes: z.array(ClassCount),
});
export type Counts = z.output<typeof Counts>;
