import fc from "fast-check";
import { expect, test } from "vitest";
import { type Candidates, fromEndToEnd, fromYolov5, fromYolov8 } from "./candidates.ts";
import { suppressOverlaps } from "./suppress.ts";

/** The textbook, with objects and no shortcuts: the surest box stays, its rivals of the same class go, again. */
function bruteForce({ corners, scores, classes, count }: Candidates, limit: number): number[] {
  let left = Array.from({ length: count }, (_, index) => {
    const [x1, y1, x2, y2] = corners.slice(index * 4, index * 4 + 4);
    return { index, x1: x1!, y1: y1!, x2: x2!, y2: y2!, score: scores[index]!, kind: classes[index]! };
  }).filter(({ x1, y1, x2, y2 }) => x2 > x1 && y2 > y1);
  const kept: number[] = [];
  while (left.length > 0) {
    const best = left.reduce((top, box) => (box.score > top.score ? box : top));
    kept.push(best.index);
    left = left.filter((box) => {
      if (box === best) return false;
      if (box.kind !== best.kind) return true;
      const width = Math.max(0, Math.min(box.x2, best.x2) - Math.max(box.x1, best.x1));
      const height = Math.max(0, Math.min(box.y2, best.y2) - Math.max(box.y1, best.y1));
      const union =
        (box.x2 - box.x1) * (box.y2 - box.y1) + (best.x2 - best.x1) * (best.y2 - best.y1) - width * height;
      return (width * height) / union <= limit;
    });
  }
  return kept;
}

const box = fc.record({
  x: fc.integer({ min: 0, max: 60 }),
  y: fc.integer({ min: 0, max: 60 }),
  width: fc.integer({ min: 0, max: 40 }),
  height: fc.integer({ min: 0, max: 40 }),
  score: fc.integer({ min: 1, max: 99 }),
  kind: fc.integer({ min: 0, max: 2 }),
});

test("keeps the same boxes as a brute-force suppression, in the same order", () => {
  fc.assert(
    fc.property(fc.array(box, { maxLength: 60 }), fc.constantFrom(0.3, 0.45, 0.7), (boxes, limit) => {
      const candidates: Candidates = {
        count: boxes.length,
        corners: Float32Array.from(boxes.flatMap(({ x, y, width, height }) => [x, y, x + width, y + height])),
        scores: Float32Array.from(boxes, ({ score }) => score / 100),
        classes: Int32Array.from(boxes, ({ kind }) => kind),
      };
      expect(suppressOverlaps(candidates, limit, Infinity)).toEqual(bruteForce(candidates, limit));
    }),
    { seed: 11, numRuns: 400 },
  );
});

const near = (values: ArrayLike<number>) => Array.from(values, (value) => Math.round(value * 1e4) / 1e4);

test("reads the same boxes from all three detector outputs", () => {
  // Two boxes of two classes: center, size, objectness 1, class scores.
  const rows = [
    [50, 40, 20, 10, 1, 0.9, 0.2],
    [10, 10, 4, 4, 1, 0.1, 0.7],
    [10, 10, 4, 4, 0.1, 0.1, 0.1],
  ];
  const v5 = { data: Float32Array.from(rows.flat()), dims: [1, 3, 7] };
  const turned = [0, 1, 2, 3, 5, 6].flatMap((field) => rows.map((row) => row[field]!));
  const v8 = { data: Float32Array.from(turned), dims: [1, 6, 3] };
  const ended = [40, 35, 60, 45, 0.9, 0, 8, 8, 12, 12, 0.7, 1, 8, 8, 12, 12, 0.1, 0];
  const nms = { data: Float32Array.from(ended), dims: [1, 3, 6] };
  for (const found of [fromYolov5(v5, 2, 0.25), fromYolov8(v8, 2, 0.25), fromEndToEnd(nms, 2, 0.25)]) {
    expect(found.count).toBe(2);
    expect(near(found.corners.subarray(0, 8))).toEqual([40, 35, 60, 45, 8, 8, 12, 12]);
    expect(near(found.scores.subarray(0, 2))).toEqual([0.9, 0.7]);
    expect([...found.classes.subarray(0, 2)]).toEqual([0, 1]);
  }
});

test("an output with another shape than declared is an error of the package", () => {
  const wrong = { data: new Float32Array(24), dims: [1, 4, 6] };
  expect(() => fromYolov8(wrong, 2, 0.25)).toThrow(/needs? \[1, 6/);
});

test("boxes with NaN are dropped", () => {
  const data = Float32Array.from([NaN, 10, 4, 4, 0.9, 5, 5, 4, Infinity, 0.8, 5, 5, 4, 4, NaN]);
  // One class, three columns, field after field.
  const turned = [0, 1, 2, 3, 4].flatMap((field) => [0, 1, 2].map((column) => data[column * 5 + field]!));
  const found = fromYolov8({ data: Float32Array.from(turned), dims: [1, 5, 3] }, 1, 0.25);
  expect(suppressOverlaps(found, 0.45, 10)).toEqual([]);
});
