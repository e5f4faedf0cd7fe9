// What somebody said an object of the uploads bucket shows, or a text means: one class, or boxes.
import * as z from "zod";
import { Box, Measure, Size, Split } from "@sluice/labels/format/labelled.ts";

/** DynamoDB's sort key holds 1,024 bytes, some of them the entity's name. */
export const longestKeyBytes = 1_000;
/** With its boxes, history and text a label must stay below DynamoDB's 400 KB. */
export const longestTextBytes = 200_000;
export const mostBoxes = 2_000;
/** Of JSON: the fields that only the label's own format knows. */
export const longestExtraBytes = 50_000;
const longestBoxExtrasBytes = 100_000;

/** Infinite for what is nested too deeply to be written. */
export function jsonBytes(value: unknown): number {
  try {
    return Buffer.byteLength(JSON.stringify(value));
  } catch {
    return Infinity;
  }
}

const Words = z.string().refine((text) => text.isWellFormed(), "must not hold half a character");

/** What a label was before somebody changed it. */
export const Earlier = z.object({
  label: z.string().optional(),
  /** How many; the boxes themselves are not kept. */
  boxes: z.number().int().optional(),
  source: z.string(),
  annotator: z.string().optional(),
  labelledAt: z.string(),
});
export type Earlier = z.output<typeof Earlier>;

/** What is said; `key` and `text` at once is a text that stands in the label itself. */
export const Said = z.object({
  key: Words.min(1).refine(
    (key) => Buffer.byteLength(key) <= longestKeyBytes,
    `must not be longer than ${longestKeyBytes} bytes`,
  ),
  label: Words.min(1).max(100).optional(),
  boxes: z
    .array(Box)
    .max(mostBoxes)
    .refine(
      (boxes) =>
        boxes.every(({ extra }) => !extra) ||
        jsonBytes(boxes.map(({ extra }) => extra)) <= longestBoxExtrasBytes,
      `must not hold more than ${longestBoxExtrasBytes} bytes of other fields`,
    )
    .optional(),
  text: Words.min(1)
    .refine(
      (text) => Buffer.byteLength(text) <= longestTextBytes,
      `must not be longer than ${longestTextBytes} bytes`,
    )
    .optional(),
  image: Size.optional(),
  annotator: Words.max(200).optional(),
  /** The labelling job, where the label file names one; the label file itself without it. */
  source: Words.max(1_100).optional(),
  /** ISO 8601. Of two labels for one key the later one stands. */
  labelledAt: z.string(),
  confidence: Measure.optional(),
  /** The split its file gave it; `prepare` makes its own. */
  split: Split.optional(),
  extra: z
    .record(z.string(), z.unknown())
    .refine(
      (extra) => jsonBytes(extra) <= longestExtraBytes,
      `must not hold more than ${longestExtraBytes} bytes`,
    )
    .optional(),
});
export type Said = z.output<typeof Said>;

export const Label = Said.extend({
  model: z.string(),
  /** The label file it came from, or who set it. */
  source: z.string(),
  /** Newest first. */
  history: z.array(Earlier).optional(),
  changedAt: z.string(),
});
export type Label = z.output<typeof Label>;

export const ClassCount = z.object({
  class: z.string(),
  /** Objects (or texts) with this class; for a detector, those with at least one such box. */
  items: z.number().int(),
  boxes: z.number().int().optional(),
});

export const Counts = z.object({
  model: z.string(),
  total: z.number().int(),
  /** The declared classes in their order, then any that labels brought besides. */
  classes: z.array(ClassCount),
});
export type Counts = z.output<typeof Counts>;
