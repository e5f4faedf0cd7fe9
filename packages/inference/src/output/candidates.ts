// Raw detector outputs, filtered to candidate boxes in one pass over the numbers. Columns are typed arrays: a detector
// proposes tens of thousands of boxes, and an object for each would cost more than the arithmetic.
import { InferenceError } from "../error.ts";
import type { Output } from "../session/model.ts";

/** Corners in input pixels. */
export interface Candidates {
  count: number;
  /** left, top, right, bottom of each. */
  corners: Float32Array;
  scores: Float32Array;
  classes: Int32Array;
}

function room(most: number): Candidates {
  return {
    count: 0,
    corners: new Float32Array(most * 4),
    scores: new Float32Array(most),
    classes: new Int32Array(most),
  };
}

function add(
  to: Candidates,
  kind: number,
  score: number,
  x: number,
  y: number,
  width: number,
  height: number,
) {
  const at = to.count++;
  to.corners[at * 4] = x - width / 2;
  to.corners[at * 4 + 1] = y - height / 2;
  to.corners[at * 4 + 2] = x + width / 2;
  to.corners[at * 4 + 3] = y + height / 2;
  to.scores[at] = score;
  to.classes[at] = kind;
}

/** [1, N, 5 + classes]: centre, size, objectness, class scores; a score is objectness times class. */
export function fromYolov5({ data: values, dims }: Output, classes: number, confidence: number): Candidates {
  const rows = dims[1]!;
  const width = 5 + classes;
  expectDims(dims, [rows, width]);
  const found = room(rows);
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    const objectness = values[at + 4]!;
    // No class score exceeds 1, so most rows end here.
    if (!(objectness > confidence)) continue;
    let best = 0;
    for (let kind = 1; kind < classes; kind++)
      if (values[at + 5 + kind]! > values[at + 5 + best]!) best = kind;
    const score = objectness * values[at + 5 + best]!;
    if (score > confidence)
      add(found, best, score, values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!);
  }
  return found;
}

/** [1, 4 + classes, N]: the same without objectness, one row a field. */
export function fromYolov8({ data: values, dims }: Output, classes: number, confidence: number): Candidates {
  const columns = dims[2]!;
  expectDims(dims, [4 + classes, columns]);
  const best = new Float32Array(columns).fill(confidence);
  const kinds = new Int32Array(columns).fill(-1);
  let count = 0;
  // Row by row, as the numbers lie in memory; column by column would miss the cache each time. Nearly every score is far
  // below the threshold: positive floats are in the order of their bits, and four integers at a time are passed over quickest.
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const threshold = new Int32Array(Float32Array.of(confidence).buffer)[0]!;
  const first = 4 * columns;
  for (let at = first; at < values.length; at += 4) {
    const end = Math.min(at + 4, values.length);
    if (
      end === at + 4 &&
      bits[at]! < threshold &&
      bits[at + 1]! < threshold &&
      bits[at + 2]! < threshold &&
      bits[at + 3]! < threshold
    )
      continue;
    for (let score = at; score < end; score++) {
      const column = (score - first) % columns;
      if (!(values[score]! > best[column]!)) continue;
      if (kinds[column]! < 0) count++;
      best[column] = values[score]!;
      kinds[column] = (score - first - column) / columns;
    }
  }
  const found = room(count);
  for (let column = 0; column < columns; column++) {
    if (kinds[column]! < 0) continue;
    add(
      found,
      kinds[column]!,
      best[column]!,
      values[column]!,
      values[columns + column]!,
      values[2 * columns + column]!,
      values[3 * columns + column]!,
    );
  }
  return found;
}

/** [1, N, 6]: left, top, right, bottom, score, class; the model has suppressed overlaps itself. */
export function fromEndToEnd(
  { data: values, dims }: Output,
  classes: number,
  confidence: number,
): Candidates {
  const rows = dims[1]!;
  expectDims(dims, [rows, 6]);
  const found = room(rows);
  for (let row = 0, at = 0; row < rows; row++, at += 6) {
    const kind = Math.round(values[at + 5]!);
    if (!(values[at + 4]! > confidence) || !(kind >= 0 && kind < classes)) continue;
    found.corners.set(values.subarray(at, at + 4), found.count * 4);
    found.scores[found.count] = values[at + 4]!;
    found.classes[found.count++] = kind;
  }
  return found;
}

function expectDims(dims: number[], expected: number[]) {
  if (dims.length === 3 && dims[0] === 1 && dims[1] === expected[0] && dims[2] === expected[1]) return;
  throw new InferenceError(
    "MODEL_FAILED",
    500,
    `The detector's output has shape [${dims.join(", ")}]; its declared head and classes need [1, ${expected.join(", ")}].`,
    "Correct `output.head` or `classes` in sluice.json.",
  );
}
