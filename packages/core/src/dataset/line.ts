import * as z from "zod";
import { Box } from "@sluice/labels/format/sample.ts";

/** One line of `<split>.jsonl`. */
export const Line = z.object({
  /** The object's key, also its path in a training channel. For a text, the key of its label. */
  file: z.string(),
  label: z.string().optional(),
  boxes: z.array(Box).optional(),
  text: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  etag: z.string().optional(),
  /** The size of the object. */
  bytes: z.number().optional(),
  /** SHA-256 of the content, or of a text's normalized wording: the first 32 hex digits. */
  hash: z.string().optional(),
  /** The label is from a review: what production looks like. */
  reviewed: z.boolean().optional(),
});
export type Line = z.output<typeof Line>;
