// What makes a box useless: no extent, or a place outside its picture.
import type { Box, Size } from "../format/labelled.ts";
import { type ProblemCode, problems } from "../format/problem.ts";

/** Pixels. Tools round outwards; that much outside is no mistake. */
const TOLERANCE = 1;

export const isFlat = ({ x, y, width, height }: Box) =>
  ![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0;

export const isOutside = ({ x, y, width, height }: Box, picture: Size) =>
  x < -TOLERANCE ||
  y < -TOLERANCE ||
  x + width > picture.width + TOLERANCE ||
  y + height > picture.height + TOLERANCE;

interface Drawn {
  file: string;
  boxes?: readonly Box[];
  /** The picture's own size, and the one that its label states. */
  picture: Partial<Size>;
  stated?: Size;
}

/** Why a detector must not learn from these boxes; nothing when it may. */
export function misdrawn({ file, boxes, picture, stated }: Drawn) {
  const because = (code: ProblemCode, message: string) => ({ code, message, fix: problems[code].fix });
  const { width, height } = picture;
  if (!boxes || boxes.length === 0) return undefined;
  const which = (at: number) => `Box ${at + 1} (${boxes[at]!.class}) of ${file}`;
  const flat = boxes.findIndex(isFlat);
  if (flat >= 0) {
    const box = boxes[flat]!;
    return because("BOX_INVALID", `${which(flat)} is ${box.width} by ${box.height} pixels.`);
  }
  if (width === undefined || height === undefined) return undefined;
  const size = `${width} by ${height} pixels`;
  if (stated && (stated.width !== width || stated.height !== height))
    return because(
      "IMAGE_SIZE_DIFFERS",
      `${file} has ${size}; its label says ${stated.width} by ${stated.height}.`,
    );
  const outside = boxes.findIndex((box) => isOutside(box, { width, height }));
  if (outside < 0) return undefined;
  return because("BOX_OUTSIDE", `${which(outside)} reaches outside the picture, which has ${size}.`);
}
