import { type Box, type Geometry, toSource } from "../image/geometry.ts";
import type { Manifest } from "../package.ts";
import type { Output } from "../session/model.ts";
import { fromEndToEnd, fromYolov5, fromYolov8 } from "./candidates.ts";
import { suppress } from "./suppress.ts";

export interface Detection {
  class: string;
  confidence: number;
  box: Box;
}

/** The model's raw output to boxes in source pixels, surest first: class, confidence, x, y, width and height of each. */
export function detect(output: Output, manifest: Manifest, geometry: Geometry): number[] {
  const { confidence, iou, maxDetections } = manifest.thresholds;
  const head = manifest.output.head;
  const read = head === "yolov5" ? fromYolov5 : head === "yolov8" ? fromYolov8 : fromEndToEnd;
  const candidates = read(output, manifest.classes.length, confidence);
  // An end-to-end model has suppressed already: a limit of 1 only sorts and counts.
  return suppress(candidates, head === "nms" ? 1 : iou, maxDetections).flatMap((index) => {
    const [left, top, right, bottom] = candidates.corners.subarray(index * 4, index * 4 + 4);
    const box = { x: left!, y: top!, width: right! - left!, height: bottom! - top! };
    const { x, y, width, height } = toSource(box, geometry);
    const confidence = Math.min(candidates.scores[index]!, 1);
    return width > 0 && height > 0 ? [candidates.classes[index]!, confidence, x, y, width, height] : [];
  });
}

/** What `detect` answered, in words. */
export function detectionsIn(numbers: ArrayLike<number>, classes: string[]): Detection[] {
  return Array.from({ length: numbers.length / 6 }, (_, at) => {
    const [kind, confidence, x, y, width, height] = Array.from(
      { length: 6 },
      (_, field) => numbers[at * 6 + field]!,
    ) as [number, number, number, number, number, number];
    return { class: classes[kind]!, confidence, box: { x, y, width, height } };
  });
}
