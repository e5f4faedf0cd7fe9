// Examples of a drift: items in the middle of the baseline, and those of the window that moved farthest from it.
import { decodeEmbedding } from "@sluice/statistics/embedding.ts";
import type { Baseline } from "@sluice/statistics/window/baseline.ts";
import { readWindow, type Window } from "@sluice/statistics/window/window.ts";
import type { DriftReport } from "./report.ts";

const COUNT = 8;

interface Point {
  id: string;
  vector: Float64Array;
}

/** By the embeddings of the samples; undefined without comparable ones. */
export function findExamples(baseline: Baseline, window: Window): DriftReport["examples"] {
  const [before, after] = [pointsOf(readWindow(baseline.window)), pointsOf(window)];
  const size = before[0]?.vector.length;
  if (size === undefined || after[0]?.vector.length !== size) return undefined;
  const center = mean(before, size);
  const moved = mean(after, size);
  /** From the center of the baseline towards that of the window. */
  const direction = moved.map((value, at) => value - center[at]!);
  const projection = ({ vector }: Point) =>
    vector.reduce((sum, value, at) => sum + (value - center[at]!) * direction[at]!, 0);
  const distance = ({ vector }: Point) =>
    vector.reduce((sum, value, at) => sum + (value - center[at]!) ** 2, 0);
  return {
    baseline: smallest(before, distance),
    window: smallest(after, (point) => -projection(point)),
  };
}

function pointsOf({ embeddings }: Window): Point[] {
  const points = embeddings.items().map(({ id, embedding }) => ({ id, vector: decodeEmbedding(embedding) }));
  return points.filter(({ vector }) => vector.length === points[0]!.vector.length);
}

function mean(points: Point[], size: number): Float64Array {
  const sum = new Float64Array(size);
  for (const { vector } of points) vector.forEach((value, at) => (sum[at]! += value / points.length));
  return sum;
}

const smallest = (points: Point[], measure: (point: Point) => number): string[] =>
  points
    .map((point) => ({ id: point.id, value: measure(point) }))
    .sort((left, right) => left.value - right.value || (left.id < right.id ? -1 : 1))
    .slice(0, COUNT)
    .map(({ id }) => id);
