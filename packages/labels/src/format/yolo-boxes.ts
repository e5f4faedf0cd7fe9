// Converts boxes between pixels and fractions of the image. Pixels are rounded to a millionth, so that reading returns
// the written numbers.
import { type Box, isStorableNumber, withoutUndefined, type Size } from "./sample.ts";
import { type Problem, createProblem } from "./problem.ts";

/** The writer uses the fewest digits that return the same pixels. */
const [MIN_DIGITS, MAX_DIGITS] = [6, 16];

export function readBoxes(text: string, file: string, classes: readonly string[], image: Size) {
  const boxes: Box[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, "")
    .split(/\r\n|\n|\r/)
    .entries()) {
    const words = line.trim().split(/\s+/);
    if (words[0] === "") continue;
    const at = { file, line: index + 1 };
    const numbers = words.map(Number);
    const [id, ...values] = numbers;
    const polygon = words.length >= 7 && words.length % 2 === 1;
    if (!numbers.every(isStorableNumber) || !(words.length === 5 || words.length === 6 || polygon)) {
      problems.push(
        createProblem(
          "LINE_BROKEN",
          at,
          "A line needs a class number and four fractions of the image's size.",
        ),
      );
      continue;
    }
    const name = classes[id!];
    if (name === undefined) {
      problems.push(
        createProblem(
          "REFERENCE_UNKNOWN",
          at,
          `Class number ${words[0]} has no name: there are ${classes.length} class names.`,
        ),
      );
      continue;
    }
    const [cx, cy, width, height] = polygon ? boundingBox(values) : (values as Four);
    const confidence = words.length === 6 ? values[4] : undefined;
    const extra = polygon ? { polygon: values } : undefined;
    boxes.push(
      withoutUndefined({ class: name, ...toPixels([cx, cy, width, height], image), confidence, extra }),
    );
  }
  return { boxes, problems };
}

type Four = [number, number, number, number];

export function writeBoxes(boxes: readonly Box[], classes: readonly string[], image: Size): string {
  const line = (box: Box) => {
    const polygon = box.extra?.["polygon"];
    const shares = Array.isArray(polygon) ? polygon.join(" ") : shortestShares(box, image);
    const confidence = box.confidence === undefined || Array.isArray(polygon) ? "" : ` ${box.confidence}`;
    return `${classes.indexOf(box.class)} ${shares}${confidence}\n`;
  };
  return boxes.map(line).join("");
}

function shortestShares(box: Box, image: Size): string {
  const shares = [
    (box.x + box.width / 2) / image.width,
    (box.y + box.height / 2) / image.height,
    box.width / image.width,
    box.height / image.height,
  ];
  for (let digits = MIN_DIGITS; digits < MAX_DIGITS; digits += 1) {
    const written = shares.map((share) => share.toFixed(digits));
    const back = toPixels(written.map(Number) as Four, image);
    if (back.x === box.x && back.y === box.y && back.width === box.width && back.height === box.height)
      return written.join(" ");
  }
  return shares.map((share) => share.toFixed(MAX_DIGITS)).join(" ");
}

const toPixels = ([cx, cy, w, h]: Four, image: Size) => ({
  x: roundToMillionth((cx - w / 2) * image.width),
  y: roundToMillionth((cy - h / 2) * image.height),
  width: roundToMillionth(w * image.width),
  height: roundToMillionth(h * image.height),
});

/** Adding 0 converts -0 to 0. */
const roundToMillionth = (value: number) => Math.round(value * 1e6) / 1e6 + 0;

function boundingBox(corners: readonly number[]): Four {
  const [xs, ys] = [corners.filter((_, at) => at % 2 === 0), corners.filter((_, at) => at % 2 === 1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
}
