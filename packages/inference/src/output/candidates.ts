// Filters raw detector outputs to candidate boxes, in one pass. Columns are typed arrays: a detector proposes tens of
// thousands of boxes, and an object for each would cost more than the arithmetic.
import { InferenceError } from "../error.ts";
import type { OutputTensor } from "../tensor.ts";

export interface Candidates {
  count: number;
  /** Left, top, right and bottom of each box, in input pixels. */
  corners: Float32Array;
  scores: Float32Array;
  classes: Int32Array;
}

/** A list with room for `capacity` boxes. */
function candidateList(capacity: number) {
  const corners = new Float32Array(capacity * 4);
  const scores = new Float32Array(capacity);
  const classes = new Int32Array(capacity);
  let count = 0;
  const addCorners = (
    classIndex: number,
    score: number,
    left: number,
    top: number,
    right: number,
    bottom: number,
  ) => {
    const at = count * 4;
    corners[at] = left;
    corners[at + 1] = top;
    corners[at + 2] = right;
    corners[at + 3] = bottom;
    scores[count] = score;
    classes[count++] = classIndex;
  };
  return {
    addCorners,
    addCentred: (classIndex: number, score: number, x: number, y: number, width: number, height: number) =>
      addCorners(classIndex, score, x - width / 2, y - height / 2, x + width / 2, y + height / 2),
    finish: (): Candidates => ({ count, corners, scores, classes }),
  };
}

/** [1, N, 5 + classes]: center, size, objectness, class scores. The score is objectness times class score. */
export function fromYolov5(
  { data: values, dims }: OutputTensor,
  classes: number,
  confidence: number,
): Candidates {
  const rows = dims[1]!;
  const width = 5 + classes;
  expectDims(dims, [rows, width]);
  const found = candidateList(rows);
  for (let row = 0, at = 0; row < rows; row++, at += width) {
    const objectness = values[at + 4]!;
    // No class score exceeds 1, so most rows end here.
    if (!(objectness > confidence)) continue;
    let best = 0;
    for (let index = 1; index < classes; index++)
      if (values[at + 5 + index]! > values[at + 5 + best]!) best = index;
    const score = objectness * values[at + 5 + best]!;
    if (score > confidence)
      found.addCentred(best, score, values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!);
  }
  return found.finish();
}

/** [1, 4 + classes, N]: the same without objectness, one row for each field. */
export function fromYolov8(
  { data: values, dims }: OutputTensor,
  classes: number,
  confidence: number,
): Candidates {
  const columns = dims[2]!;
  expectDims(dims, [4 + classes, columns]);
  const { scores, classIndices, count } = bestClasses(values, columns, confidence);
  const found = candidateList(count);
  for (let column = 0; column < columns; column++) {
    if (classIndices[column]! < 0) continue;
    found.addCentred(
      classIndices[column]!,
      scores[column]!,
      values[column]!,
      values[columns + column]!,
      values[2 * columns + column]!,
      values[3 * columns + column]!,
    );
  }
  return found.finish();
}

/**
 * The best class of each column, -1 where no score exceeds the threshold. Reads row by row, in memory order. Nearly all scores
 * are far below the threshold: positive floats compare like their bits, and four integers at a time are skipped fastest.
 */
function bestClasses(values: Float32Array, columns: number, confidence: number) {
  const scores = new Float32Array(columns).fill(confidence);
  const classIndices = new Int32Array(columns).fill(-1);
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  const threshold = new Int32Array(Float32Array.of(confidence).buffer)[0]!;
  const first = 4 * columns;
  let count = 0;
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
      if (!(values[score]! > scores[column]!)) continue;
      if (classIndices[column]! < 0) count++;
      scores[column] = values[score]!;
      classIndices[column] = (score - first - column) / columns;
    }
  }
  return { scores, classIndices, count };
}

/** [1, N, 6]: left, top, right, bottom, score, class. The model has suppressed overlaps already. */
export function fromEndToEnd(
  { data: values, dims }: OutputTensor,
  classes: number,
  confidence: number,
): Candidates {
  const rows = dims[1]!;
  expectDims(dims, [rows, 6]);
  const found = candidateList(rows);
  for (let row = 0, at = 0; row < rows; row++, at += 6) {
    const score = values[at + 4]!;
    const classIndex = Math.round(values[at + 5]!);
    if (!(score > confidence) || !(classIndex >= 0 && classIndex < classes)) continue;
    found.addCorners(classIndex, score, values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!);
  }
  return found.finish();
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
