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

/** The model's raw output to boxes in source pixels, surest first. */
export function detect(output: Output, manifest: Manifest, geometry: Geometry): Detection[] {
  const { confidence, iou, maxDetections } = manifest.thresholds;
  const head = manifest.output.head;
  const read = head === "yolov5" ? fromYolov5 : head === "yolov8" ? fromYolov8 : fromEndToEnd;
  const candidates = read(output, manifest.classes.length, confidence);
  // An end-to-end model has suppressed already: a limit of 1 only sorts and counts.
  return suppress(candidates, head === "nms" ? 1 : iou, maxDetections)
    .map((index) => {
      const [left, top, right, bottom] = candidates.corners.subarray(index * 4, index * 4 + 4);
      const box = { x: left!, y: top!, width: right! - left!, height: bottom! - top! };
      return {
        class: manifest.classes[candidates.classes[index]!]!,
        confidence: Math.min(candidates.scores[index]!, 1),
        box: toSource(box, geometry),
      };
    })
    .filter(({ box }) => box.width > 0 && box.height > 0);
}
