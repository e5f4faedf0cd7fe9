// Each detection has an id within its result, derived from the prediction, the class and the box.
import { createHash } from "node:crypto";

interface Detection {
  id?: string;
  class: string;
  box: { x: number; y: number; width: number; height: number };
}

const DIGITS = 12;

/**
 * Repeats of a prediction give the same ids, unless a coordinate near half a pixel is rounded differently. Equal boxes
 * are numbered in their order. Results that were stored without ids get theirs when they are read.
 */
export function identifyDetections<D extends Detection>(prediction: string, found: readonly D[]) {
  const counts = new Map<string, number>();
  return found.map((one) => {
    // Whole pixels: processors differ in the last digits of a number.
    const { x, y, width, height } = one.box;
    const place = JSON.stringify([prediction, one.class, ...[x, y, width, height].map(Math.round)]);
    const count = counts.get(place) ?? 0;
    counts.set(place, count + 1);
    const digest = createHash("sha256").update(`${place} ${count}`).digest("hex");
    return { ...one, id: one.id ?? `det_${digest.slice(0, DIGITS)}` };
  });
}

interface Detected<D> {
  id: string;
  detections: readonly D[];
  doubtful: readonly D[];
}

/** A stored detection result, with the ids of its detections. */
export function withDetectionIds<D extends Detection, R>(result: R & Detected<D>) {
  const found = identifyDetections(result.id, [...result.detections, ...result.doubtful]);
  const { length } = result.detections;
  return { ...result, detections: found.slice(0, length), doubtful: found.slice(length) };
}
