// A profile as it is stored, sent and shown.
import { Task } from "@sluice/models/schema.ts";
import * as z from "zod";
import { Split } from "../format/labelled.ts";
import { Distribution } from "./measure.ts";
import { Named } from "./outliers.ts";

const Count = z.number().int();

/** How many groups and files in all, and the first groups by name. */
const Copies = z.object({ groups: Count, files: Count, shown: z.array(z.array(z.string())) });

export const BoxProfile = z.object({
  total: Count,
  /** Pictures with boxes drawn, and those looked at that hold nothing. */
  images: Count,
  empty: Count,
  perImage: Distribution.optional(),
  /** Of the picture's area, 0 to 1. */
  areaShare: Distribution.optional(),
  /** Width over height. */
  aspect: Distribution.optional(),
  classes: z.array(
    z.object({ class: z.string(), boxes: Count, images: Count, meanAreaShare: z.number().optional() }),
  ),
  /** How many boxes have their centre in each field of the picture, rows from the top. */
  centres: z.array(z.array(Count)),
  /** Pairs of boxes in one picture that share half of their common area and more. */
  overlaps: z.object({ pairs: Count, images: Count, shown: z.array(z.string()) }),
});
export type BoxProfile = z.infer<typeof BoxProfile>;

export const ImageProfile = z.object({
  count: Count,
  width: Distribution,
  height: Distribution,
  aspect: Distribution,
  /** The most frequent sizes. */
  sizes: z.array(z.object({ width: Count, height: Count, count: Count })),
  brightness: Distribution.extend({ dark: z.array(Named), bright: z.array(Named) }),
  /** Variance of the Laplacian at 512 pixels: small means without sharp edges. */
  blur: Distribution.extend({ blurred: z.array(Named) }),
});

export const Profile = z.object({
  name: z.string(),
  format: z.string(),
  task: Task,
  labels: z.object({ items: Count, labelled: Count, unmentioned: Count }),
  /** For a detector, the pictures that show the class. */
  classes: z.array(z.object({ class: z.string(), count: Count, share: z.number() })),
  splits: z.array(z.object({ split: Split.optional(), count: Count })),
  files: z.object({
    looked: Count,
    bytes: Distribution.optional(),
    totalBytes: z.number(),
    types: z.array(z.object({ type: z.string(), count: Count, bytes: z.number() })),
    missing: z.object({ count: Count, shown: z.array(z.string()) }),
    unreadable: z.object({
      count: Count,
      shown: z.array(z.object({ file: z.string(), reason: z.string() })),
    }),
  }),
  images: ImageProfile.optional(),
  texts: z.object({ count: Count, characters: Distribution, words: Distribution }).optional(),
  boxes: BoxProfile.optional(),
  duplicates: z.object({ exact: Copies, near: Copies }),
});
export type Profile = z.infer<typeof Profile>;
