import type { Size } from "../image/geometry.ts";
import type { Detection } from "../output/detections.ts";

export interface BoxMeasures {
  boxes: number;
  /** Shares of the image's area; absent without boxes. */
  meanBoxArea?: number;
  smallestBoxArea?: number;
}

export function measureBoxes(detections: readonly Detection[], image: Size): BoxMeasures {
  const boxes = detections.length;
  if (boxes === 0) return { boxes };
  const areas = detections.map(({ box }) => (box.width * box.height) / (image.width * image.height));
  const sum = areas.reduce((total, area) => total + area, 0);
  const smallest = areas.reduce((least, area) => Math.min(least, area), 1);
  return { boxes, meanBoxArea: sum / boxes, smallestBoxArea: smallest };
}
