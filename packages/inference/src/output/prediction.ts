// Turns a model's output into a prediction: the worker returns a few numbers, the caller adds class names.
import { type Size, fitToInput } from "../image/geometry.ts";
import type { Manifest } from "../package.ts";
import type { OutputTensor } from "../tensor.ts";
import { type ClassScore, rankClasses, toClassScores } from "./classes.ts";
import { type Detection, decodeDetections, toDetections } from "./detections.ts";

export type Prediction = { predictions: ClassScore[] } | { detections: Detection[] };

/** Boxes are in pixels of the source image, so a detector needs its size. */
export function postprocess(output: OutputTensor, manifest: Manifest, source: Size | undefined): number[] {
  const { input, classes } = manifest;
  const { head } = manifest.output;
  if (head === "softmax" || head === "logits") return rankClasses(output.data, classes.length, head);
  if (input.kind !== "image" || !source) throw new Error(`the output head '${head}' needs an image`);
  return decodeDetections(output, manifest, fitToInput(source, input));
}

export const toPrediction = (numbers: ArrayLike<number>, { task, classes }: Manifest): Prediction =>
  task === "object-detection"
    ? { detections: toDetections(numbers, classes) }
    : { predictions: toClassScores(numbers, classes) };
