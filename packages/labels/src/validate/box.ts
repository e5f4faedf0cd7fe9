// Checks that boxes have an area and are inside their image.
import type { Box, Size } from "../format/sample.ts";
import { type ProblemCode, problems } from "../format/problem.ts";

/** Pixels. Tools round outwards, so boxes so far outside are clipped. */
const ROUNDING = 1;

type Rectangle = Pick<Box, "x" | "y" | "width" | "height">;

export const isEmptyBox = ({ x, y, width, height }: Rectangle) =>
  ![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0;

/** Clips a box to its image. `undefined` for a box that is outside by more than rounding. */
export function clipBox<B extends Rectangle>(box: B, image: Size): B | undefined {
  const [x, width] = clipSide(box.x, box.width, image.width);
  const [y, height] = clipSide(box.y, box.height, image.height);
  const inside = { ...box, x, y, width, height };
  return isEmptyBox(inside) ? undefined : inside;
}

/** Numbers of boxes inside the image do not change. */
function clipSide(start: number, length: number, limit: number): [start: number, length: number] {
  const end = start + length;
  if (start >= 0 && end <= limit) return [start, length];
  if (start < -ROUNDING || end > limit + ROUNDING) return [start, 0];
  const from = Math.max(0, start);
  return [from, Math.min(limit, end) - from];
}

interface BoxesToCheck {
  file: string;
  boxes?: readonly Box[];
  /** The real size of the image, and the size that the label states. */
  image: Partial<Size>;
  stated?: Size;
}

interface BoxCheck {
  problem?: { code: ProblemCode; message: string; fix: string };
  boxes?: readonly Box[];
}

/** The boxes clipped to the image, or why they cannot be used for training. */
export function checkBoxes({ file, boxes, image, stated }: BoxesToCheck): BoxCheck {
  const invalid = (code: ProblemCode, message: string) => ({
    problem: { code, message, fix: problems[code].fix },
  });
  const { width, height } = image;
  if (!boxes || boxes.length === 0) return { boxes };
  const nameOf = (at: number) => `Box ${at + 1} (${boxes[at]!.class}) of ${file}`;
  const flat = boxes.findIndex(isEmptyBox);
  if (flat >= 0) {
    const box = boxes[flat]!;
    return invalid("BOX_INVALID", `${nameOf(flat)} is ${box.width} by ${box.height} pixels.`);
  }
  if (width === undefined || height === undefined) return { boxes };
  const size = `${width} by ${height} pixels`;
  if (stated && (stated.width !== width || stated.height !== height))
    return invalid(
      "IMAGE_SIZE_DIFFERS",
      `${file} has ${size}; its label states ${stated.width} by ${stated.height}.`,
    );
  const inside: Box[] = [];
  for (const [at, box] of boxes.entries()) {
    const clipped = clipBox(box, { width, height });
    if (!clipped)
      return invalid("BOX_OUTSIDE", `${nameOf(at)} is partly outside the image, which has ${size}.`);
    inside.push(clipped);
  }
  return { boxes: inside };
}
