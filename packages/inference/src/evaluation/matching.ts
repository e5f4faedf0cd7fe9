// Which answered box stands for which true one.
import type { Box } from "../image/geometry.ts";

/** Intersection over union. */
export function overlapOf(one: Box, other: Box): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (one.width * one.height + other.width * other.height - shared);
}

/** Overlaps of answers (rows) with truths (columns). */
export const overlaps = (answers: Box[], truths: Box[]): number[][] =>
  answers.map((answer) => truths.map((truth) => overlapOf(answer, truth)));

/**
 * COCO's rule: the answers, surest first, each take the free truth that they overlap most, if by `atLeast`. Says of each
 * answer whether it got one.
 */
export function hits(table: number[][], atLeast: number): boolean[] {
  const taken = new Set<number>();
  return table.map((row) => {
    let best = -1;
    for (const [truth, overlap] of row.entries())
      if (overlap >= atLeast && !taken.has(truth) && (best < 0 || overlap >= row[best]!)) best = truth;
    if (best >= 0) taken.add(best);
    return best >= 0;
  });
}

/** Pairs of whatever class, those that overlap most first, each box in one pair at most. */
export function pairs(table: number[][], atLeast: number): [answer: number, truth: number][] {
  const close = table.flatMap((row, answer) =>
    row.flatMap((overlap, truth) => (overlap >= atLeast ? [{ answer, truth, overlap }] : [])),
  );
  const answers = new Set<number>();
  const truths = new Set<number>();
  const found: [number, number][] = [];
  for (const { answer, truth } of close.sort((left, right) => right.overlap - left.overlap)) {
    if (answers.has(answer) || truths.has(truth)) continue;
    answers.add(answer);
    truths.add(truth);
    found.push([answer, truth]);
  }
  return found;
}
