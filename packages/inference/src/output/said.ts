// What a model's output says, by its task.
import { type Size, fit } from "../image/geometry.ts";
import type { Manifest } from "../package.ts";
import type { Output } from "../session/model.ts";
import { type Scored, classify } from "./classes.ts";
import { type Detection, detect } from "./detections.ts";

export type Said = { predictions: Scored[] } | { detections: Detection[] };

/** Boxes lie in the source picture, whose size has to be known. */
export function saidBy(output: Output, manifest: Manifest, source: Size | undefined): Said {
  const { input, classes } = manifest;
  const { head } = manifest.output;
  if (head === "softmax" || head === "logits") return { predictions: classify(output.data, classes, head) };
  if (input.kind !== "image" || !source) throw new Error(`'${head}' reads pictures`);
  return { detections: detect(output, manifest, fit(source, input)) };
}
