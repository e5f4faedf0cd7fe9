// Boxes as shares of the picture, and back. Pixels are kept to a millionth, so that what was written in enough digits
// comes back as the very same number, and what came in few digits goes out in the same ones.
import { type Box, isHoldable, present, type Size } from "./labelled.ts";
import { type Problem, problem } from "./problem.ts";

/** Digits people write; more only where fewer would not give the same pixels back. */
const [FEWEST, MOST] = [6, 16];

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
    if (!numbers.every(isHoldable) || !(words.length === 5 || words.length === 6 || polygon)) {
      problems.push(
        problem("LINE_BROKEN", at, "A line is a class number and four shares of the picture's size."),
      );
      continue;
    }
    const name = classes[id!];
    if (name === undefined) {
      problems.push(
        problem(
          "REFERENCE_UNKNOWN",
          at,
          `Class ${words[0]} has no name: ${classes.length} classes are named.`,
        ),
      );
      continue;
    }
    const [cx, cy, width, height] = polygon ? around(values) : (values as Four);
    const confidence = words.length === 6 ? values[4] : undefined;
    const extra = polygon ? { polygon: values } : undefined;
    boxes.push(present({ class: name, ...pixels([cx, cy, width, height], image), confidence, extra }));
  }
  return { boxes, problems };
}

type Four = [number, number, number, number];

export function writeBoxes(boxes: readonly Box[], classes: readonly string[], image: Size): string {
  const line = (box: Box) => {
    const polygon = box.extra?.["polygon"];
    const shares = Array.isArray(polygon) ? polygon.join(" ") : shortest(box, image);
    const confidence = box.confidence === undefined || Array.isArray(polygon) ? "" : ` ${box.confidence}`;
    return `${classes.indexOf(box.class)} ${shares}${confidence}\n`;
  };
  return boxes.map(line).join("");
}

function shortest(box: Box, image: Size): string {
  const shares = [
    (box.x + box.width / 2) / image.width,
    (box.y + box.height / 2) / image.height,
    box.width / image.width,
    box.height / image.height,
  ];
  for (let digits = FEWEST; digits < MOST; digits += 1) {
    const written = shares.map((share) => share.toFixed(digits));
    const back = pixels(written.map(Number) as Four, image);
    if (back.x === box.x && back.y === box.y && back.width === box.width && back.height === box.height)
      return written.join(" ");
  }
  return shares.map((share) => share.toFixed(MOST)).join(" ");
}

const pixels = ([cx, cy, w, h]: Four, image: Size) => ({
  x: millionth((cx - w / 2) * image.width),
  y: millionth((cy - h / 2) * image.height),
  width: millionth(w * image.width),
  height: millionth(h * image.height),
});

/** Adding 0 makes a negative zero a plain one. */
const millionth = (value: number) => Math.round(value * 1e6) / 1e6 + 0;

/** The box around a polygon's corners. */
function around(corners: readonly number[]): Four {
  const [xs, ys] = [corners.filter((_, at) => at % 2 === 0), corners.filter((_, at) => at % 2 === 1)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
}
