// What a model's output says, by its task: read into a few numbers on the model's thread, and put into words by the caller.
import { type Size, fit } from "../image/geometry.ts";
import type { Manifest } from "../package.ts";
import type { Output } from "../session/model.ts";
import { type Scored, classify, scoresIn } from "./classes.ts";
import { type Detection, detect, detectionsIn } from "./detections.ts";

export type Said = { predictions: Scored[] } | { detections: Detection[] };

/** Boxes lie in the source picture, whose size has to be known. */
export function readOutput(output: Output, manifest: Manifest, source: Size | undefined): number[] {
  const { input, classes } = manifest;
  const { head } = manifest.output;
  if (head === "softmax" || head === "logits") return classify(output.data, classes.length, head);
  if (input.kind !== "image" || !source) throw new Error(`'${head}' reads pictures`);
  return detect(output, manifest, fit(source, input));
}

export const saidBy = (numbers: ArrayLike<number>, { task, classes }: Manifest): Said =>
  task === "object-detection"
    ? { detections: detectionsIn(numbers, classes) }
    : { predictions: scoresIn(numbers, classes) };
