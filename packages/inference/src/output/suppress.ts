import type { Candidates } from "./candidates.ts";

/** Above this number only the highest scores are compared: the work grows with the square. */
export const MAX_COMPARED = 30_000;

/** Non-maximum suppression by class. Returns the indices of the boxes to keep, highest score first. */
export function suppressOverlaps(candidates: Candidates, iou: number, limit: number): number[] {
  const { corners, scores, classes, count } = candidates;
  const order = Array.from({ length: count }, (_, index) => index)
    .filter((index) => isBox(corners, index))
    .sort((left, right) => scores[right]! - scores[left]! || left - right)
    .slice(0, MAX_COMPARED);
  const kept: number[] = [];
  const keptByClass = new Map<number, number[]>();
  for (const index of order) {
    const others = keptByClass.get(classes[index]!);
    if (others?.some((other) => intersectionOverUnion(corners, other, index) > iou)) continue;
    kept.push(index);
    if (kept.length === limit) break;
    if (others) others.push(index);
    else keptByClass.set(classes[index]!, [index]);
  }
  return kept;
}

function isBox(corners: Float32Array, index: number) {
  const at = index * 4;
  return (
    corners[at + 2]! > corners[at]! &&
    corners[at + 3]! > corners[at + 1]! &&
    Number.isFinite(corners[at]! + corners[at + 1]! + corners[at + 2]! + corners[at + 3]!)
  );
}

/** Intersection over union. */
export function intersectionOverUnion(corners: Float32Array, one: number, other: number): number {
  const a = one * 4;
  const b = other * 4;
  const width = Math.min(corners[a + 2]!, corners[b + 2]!) - Math.max(corners[a]!, corners[b]!);
  if (width <= 0) return 0;
  const height = Math.min(corners[a + 3]!, corners[b + 3]!) - Math.max(corners[a + 1]!, corners[b + 1]!);
  if (height <= 0) return 0;
  const shared = width * height;
  return shared / (area(corners, a) + area(corners, b) - shared);
}

function area(corners: Float32Array, at: number) {
  return (corners[at + 2]! - corners[at]!) * (corners[at + 3]! - corners[at + 1]!);
}
