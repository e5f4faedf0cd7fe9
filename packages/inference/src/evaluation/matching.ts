// Matches detected boxes to true boxes.
import type { Box } from "../image/geometry.ts";

/** Intersection over union. */
export function intersectionOverUnion(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}

/** Overlaps of detected boxes (rows) with true boxes (columns). */
export const overlapTable = (detected: Box[], truths: Box[]): number[][] =>
  detected.map((box) => truths.map((truth) => intersectionOverUnion(box, truth)));

/**
 * COCO's rule: each detection, highest confidence first, matches the free true box that it overlaps most, if by `minimum`.
 * Returns whether each detection has a match.
 */
export function findHits(table: number[][], minimum: number): boolean[] {
  const taken = new Set<number>();
  return table.map((row) => {
    let best = -1;
    for (const [truth, overlap] of row.entries())
      if (overlap >= minimum && !taken.has(truth) && (best < 0 || overlap >= row[best]!)) best = truth;
    if (best >= 0) taken.add(best);
    return best >= 0;
  });
}

/** Pairs across classes, highest overlap first; each box is in one pair at most. */
export function findPairs(table: number[][], minimum: number): [detected: number, truth: number][] {
  const close = table.flatMap((row, detected) =>
    row.flatMap((overlap, truth) => (overlap >= minimum ? [{ detected, truth, overlap }] : [])),
  );
  const usedDetected = new Set<number>();
  const usedTruths = new Set<number>();
  const found: [number, number][] = [];
  for (const { detected, truth } of close.sort((left, right) => right.overlap - left.overlap)) {
    if (usedDetected.has(detected) || usedTruths.has(truth)) continue;
    usedDetected.add(detected);
    usedTruths.add(truth);
    found.push([detected, truth]);
  }
  return found;
}
