import * as z from "zod";
import { Box } from "@sluice/labels/format/labelled.ts";

/** One line of `train.jsonl` and the others. */
export const Line = z.object({
  /** The object's key, equal to the path inside a training channel. Of a text, its key in the labels. */
  file: z.string(),
  label: z.string().optional(),
  boxes: z.array(Box).optional(),
  text: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  etag: z.string().optional(),
  /** Of the object. */
  bytes: z.number().optional(),
  /** SHA-256 of the content, of a text that of its wording: the first 32 hex digits. */
  hash: z.string().optional(),
});
export type Line = z.output<typeof Line>;
