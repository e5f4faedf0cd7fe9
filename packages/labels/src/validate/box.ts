// Where a box may lie: it has an extent, and a place in its picture.
import type { Box, Size } from "../format/labelled.ts";
import { type ProblemCode, problems } from "../format/problem.ts";

/** Pixels. Tools round outwards: that much outside is no mistake, and is cut off where the box is stored. */
const ROUNDING = 1;

type Place = Pick<Box, "x" | "y" | "width" | "height">;

export const isFlat = ({ x, y, width, height }: Place) =>
  ![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0;

/** The box within its picture. Nothing where more than rounding lies outside, or nothing inside. */
export function fitted<B extends Place>(box: B, picture: Size): B | undefined {
  const [x, width] = cut(box.x, box.width, picture.width);
  const [y, height] = cut(box.y, box.height, picture.height);
  const inside = { ...box, x, y, width, height };
  return isFlat(inside) ? undefined : inside;
}

/** One side of it. What lies inside keeps its very numbers. */
function cut(start: number, length: number, most: number): [start: number, length: number] {
  const end = start + length;
  if (start >= 0 && end <= most) return [start, length];
  if (start < -ROUNDING || end > most + ROUNDING) return [start, 0];
  const from = Math.max(0, start);
  return [from, Math.min(most, end) - from];
}

interface Drawn {
  file: string;
  boxes?: readonly Box[];
  /** The picture's own size, and the one that its label states. */
  picture: Partial<Size>;
  stated?: Size;
}

interface Judged {
  useless?: { code: ProblemCode; message: string; fix: string };
  boxes?: readonly Box[];
}

/** Why a detector must not learn from these boxes; else the boxes as it learns from them. */
export function drawn({ file, boxes, picture, stated }: Drawn): Judged {
  const because = (code: ProblemCode, message: string) => ({
    useless: { code, message, fix: problems[code].fix },
  });
  const { width, height } = picture;
  if (!boxes || boxes.length === 0) return { boxes };
  const which = (at: number) => `Box ${at + 1} (${boxes[at]!.class}) of ${file}`;
  const flat = boxes.findIndex(isFlat);
  if (flat >= 0) {
    const box = boxes[flat]!;
    return because("BOX_INVALID", `${which(flat)} is ${box.width} by ${box.height} pixels.`);
  }
  if (width === undefined || height === undefined) return { boxes };
  const size = `${width} by ${height} pixels`;
  if (stated && (stated.width !== width || stated.height !== height))
    return because(
      "IMAGE_SIZE_DIFFERS",
      `${file} has ${size}; its label says ${stated.width} by ${stated.height}.`,
    );
  const inside: Box[] = [];
  for (const [at, box] of boxes.entries()) {
    const fit = fitted(box, { width, height });
    if (!fit) return because("BOX_OUTSIDE", `${which(at)} reaches outside the picture, which has ${size}.`);
    inside.push(fit);
  }
  return { boxes: inside };
}
