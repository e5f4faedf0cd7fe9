// The schema of a profile.
import { Task } from "@sluice/models/schema.ts";
import * as z from "zod";
import { Split } from "../format/sample.ts";
import { Distribution } from "./distribution.ts";
import { FileValue } from "./outliers.ts";

const Count = z.number().int();

/** The number of groups and files, and the first groups by name. */
const Copies = z.object({ groups: Count, files: Count, shown: z.array(z.array(z.string())) });

export const BoxProfile = z.object({
  total: Count,
  /** Images with boxes, and images labeled as empty. */
  images: Count,
  empty: Count,
  perImage: Distribution.optional(),
  /** Box area divided by image area. */
  areaShare: Distribution.optional(),
  /** Width divided by height. */
  aspect: Distribution.optional(),
  classes: z.array(
    z.object({ class: z.string(), boxes: Count, images: Count, meanAreaShare: z.number().optional() }),
  ),
  /** A 16 by 16 grid: the boxes whose center is in each cell, rows from the top. */
  centres: z.array(z.array(Count)),
  /** Pairs of boxes in an image with an intersection over union of at least 0.5. */
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
  brightness: Distribution.extend({ dark: z.array(FileValue), bright: z.array(FileValue) }),
  /** Variance of the Laplacian at 512 pixels: low for a blurred image. */
  blur: Distribution.extend({ blurred: z.array(FileValue) }),
});

export const Profile = z.object({
  name: z.string(),
  format: z.string(),
  task: Task,
  labels: z.object({ items: Count, labelled: Count, unlisted: Count }),
  /** For object detection: images with the class. */
  classes: z.array(z.object({ class: z.string(), count: Count, share: z.number() })),
  splits: z.array(z.object({ split: Split.optional(), count: Count })),
  files: z.object({
    inspected: Count,
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
