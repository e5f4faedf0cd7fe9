// What a press on the picture takes hold of. A room full of furniture is one box around many: inside of a box that is
// not selected a drag draws, and only the selected one is moved by its inside; any is moved by its border.
import type { Box, Grip, Point } from "./box.ts";

export type Hold =
  | { does: "draw" }
  | { does: "move"; at: number }
  | { does: "resize"; at: number; grip: Grip };

const SIDES = [-1, 0, 1] as const;
/** Every corner and the middle of every side. */
export const GRIPS: readonly Grip[] = SIDES.flatMap((down) =>
  SIDES.map((across) => ({ across, down })),
).filter(({ across, down }) => across !== 0 || down !== 0);

export const gripPlace = ({ x, y, width, height }: Box, { across, down }: Grip): Point => ({
  x: x + (width * (across + 1)) / 2,
  y: y + (height * (down + 1)) / 2,
});

/** Those with room enough between them: corners always, the middle of a side where it is long. */
export const gripsOf = ({ width, height }: Box, reach: number) =>
  GRIPS.filter(
    ({ across, down }) => (across !== 0 || width > 4 * reach) && (down !== 0 || height > 4 * reach),
  );

/** `reach`: how far off a press may be, in the picture's pixels. */
export function holdAt(
  boxes: readonly Box[],
  selected: number | undefined,
  point: Point,
  reach: number,
): Hold {
  const mine = selected === undefined ? undefined : boxes[selected];
  if (mine) {
    const at = selected!;
    // Of a small box the inside must stay for moving it.
    const near = Math.min(reach, Math.max(mine.width, mine.height) / 3);
    const grip = gripsOf(mine, reach).find((one) => distance(gripPlace(mine, one), point) <= near);
    if (grip) return { does: "resize", at, grip };
    if (isIn(mine, point, reach / 2)) return { does: "move", at };
  }
  const at = smallest(boxes, (box) => onBorder(box, point, reach / 2))[0];
  return at === undefined ? { does: "draw" } : { does: "move", at };
}

/** What a click selects: the smallest box there; the next bigger one where that is selected already. */
export function clickedAt(
  boxes: readonly Box[],
  selected: number | undefined,
  point: Point,
  reach: number,
): number | undefined {
  const there = smallest(boxes, (box) => isIn(box, point, reach / 2));
  return there[(there.indexOf(selected ?? -1) + 1) % there.length];
}

function smallest(boxes: readonly Box[], fits: (box: Box) => boolean): number[] {
  const area = (at: number) => boxes[at]!.width * boxes[at]!.height;
  return [...boxes.keys()].filter((at) => fits(boxes[at]!)).toSorted((one, other) => area(one) - area(other));
}

const distance = (one: Point, other: Point) => Math.max(Math.abs(one.x - other.x), Math.abs(one.y - other.y));

/** `out`: so far around it as well. */
const isIn = ({ x, y, width, height }: Box, point: Point, out: number) =>
  point.x >= x - out && point.x <= x + width + out && point.y >= y - out && point.y <= y + height + out;

const onBorder = (box: Box, point: Point, out: number) =>
  isIn(box, point, out) && !(box.width > 2 * out && box.height > 2 * out && isIn(box, point, -out));
