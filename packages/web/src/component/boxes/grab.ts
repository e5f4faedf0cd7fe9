// What a drag or click on the image affects. Boxes contain other boxes, so a drag inside a box draws unless the box is
// selected. Any box can be moved at its border.
import type { Box, Grip, Point } from "./box.ts";

export type Grab =
  | { action: "draw" }
  | { action: "move"; at: number }
  | { action: "resize"; at: number; grip: Grip };

const SIDES = [-1, 0, 1] as const;
/** All corners and the center of each side. */
export const GRIPS: readonly Grip[] = SIDES.flatMap((down) =>
  SIDES.map((across) => ({ across, down })),
).filter(({ across, down }) => across !== 0 || down !== 0);

export const gripPosition = ({ x, y, width, height }: Box, { across, down }: Grip): Point => ({
  x: x + (width * (across + 1)) / 2,
  y: y + (height * (down + 1)) / 2,
});

/** All corners, and the centers of long sides. */
export const visibleGrips = ({ width, height }: Box, reach: number) =>
  GRIPS.filter(
    ({ across, down }) => (across !== 0 || width > 4 * reach) && (down !== 0 || height > 4 * reach),
  );

/** Boxes of a hidden class are not found. */
export type IsShown = (at: number) => boolean;
const all: IsShown = () => true;

/** `reach`: tolerance in image pixels. */
export function findGrab(
  boxes: readonly Box[],
  selected: number | undefined,
  point: Point,
  reach: number,
  isShown = all,
): Grab {
  const own = selected === undefined ? undefined : boxes[selected];
  if (own) {
    const at = selected!;
    // In a small box, keep space for moving it.
    const near = Math.min(reach, Math.max(own.width, own.height) / 3);
    const grip = visibleGrips(own, reach).find((each) => distance(gripPosition(own, each), point) <= near);
    if (grip) return { action: "resize", at, grip };
    if (isIn(own, point, reach / 2)) return { action: "move", at };
  }
  const at = sortBySize(boxes, (box, index) => isShown(index) && onBorder(box, point, reach / 2))[0];
  return at === undefined ? { action: "draw" } : { action: "move", at };
}

/** The smallest box at a point, or the next larger one if that is selected already. */
export function findClicked(
  boxes: readonly Box[],
  selected: number | undefined,
  point: Point,
  reach: number,
  isShown = all,
): number | undefined {
  const there = sortBySize(boxes, (box, index) => isShown(index) && isIn(box, point, reach / 2));
  return there[(there.indexOf(selected ?? -1) + 1) % there.length];
}

function sortBySize(boxes: readonly Box[], fits: (box: Box, at: number) => boolean): number[] {
  const area = (at: number) => boxes[at]!.width * boxes[at]!.height;
  return [...boxes.keys()]
    .filter((at) => fits(boxes[at]!, at))
    .toSorted((one, other) => area(one) - area(other));
}

const distance = (one: Point, other: Point) => Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y));

/** `margin` extends the box. */
const isIn = ({ x, y, width, height }: Box, point: Point, margin: number) =>
  point.x >= x - margin &&
  point.x <= x + width + margin &&
  point.y >= y - margin &&
  point.y <= y + height + margin;

const onBorder = (box: Box, point: Point, margin: number) =>
  isIn(box, point, margin) &&
  !(box.width > 2 * margin && box.height > 2 * margin && isIn(box, point, -margin));
