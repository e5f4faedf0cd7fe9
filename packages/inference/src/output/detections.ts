import { type Box, type Geometry, toSourcePixels } from "../image/geometry.ts";
import type { Manifest } from "../package.ts";
import type { OutputTensor } from "../tensor.ts";
import { fromEndToEnd, fromYolov5, fromYolov8 } from "./candidates.ts";
import { suppressOverlaps } from "./suppress.ts";

export interface Detection {
  class: string;
  confidence: number;
  box: Box;
}

/** Numbers of one detection: class index, confidence, x, y, width, height. */
const FIELDS = 6;

/** Detections in source pixels, highest confidence first, in one flat list. */
export function decodeDetections(output: OutputTensor, manifest: Manifest, geometry: Geometry): number[] {
  const { confidence, iou, maxDetections } = manifest.thresholds;
  const head = manifest.output.head;
  const read = head === "yolov5" ? fromYolov5 : head === "yolov8" ? fromYolov8 : fromEndToEnd;
  const candidates = read(output, manifest.classes.length, confidence);
  const { classes, corners, scores } = candidates;
  // An end-to-end model has suppressed already: a limit of 1 only sorts and counts.
  const limit = head === "nms" ? 1 : iou;
  return suppressOverlaps(candidates, limit, maxDetections).flatMap((index) => {
    const [left, top, right, bottom] = corners.subarray(index * 4, index * 4 + 4);
    const box = { x: left!, y: top!, width: right! - left!, height: bottom! - top! };
    const { x, y, width, height } = toSourcePixels(box, geometry);
    return width > 0 && height > 0 ? [classes[index]!, Math.min(scores[index]!, 1), x, y, width, height] : [];
  });
}

/** Adds class names to what `detect` returned. */
export function toDetections(numbers: ArrayLike<number>, classes: string[]): Detection[] {
  return Array.from({ length: numbers.length / FIELDS }, (_, index) => {
    const at = index * FIELDS;
    return {
      class: classes[numbers[at]!]!,
      confidence: numbers[at + 1]!,
      box: { x: numbers[at + 2]!, y: numbers[at + 3]!, width: numbers[at + 4]!, height: numbers[at + 5]! },
    };
  });
}
