import type { OverlayBox, Rect } from "./box.ts";
import { type ClassColor, colorOf } from "./palette.ts";

export interface Outline {
  class: string;
  below: boolean;
  color: ClassColor;
  /** SVG path data. */
  path: string;
}

/** One path for each class, so that hundreds of boxes need few elements. Boxes below the threshold are drawn first. */
export function outlinesOf(boxes: readonly OverlayBox[], classes: readonly string[]): Outline[] {
  const groups = Map.groupBy(boxes, ({ class: name, below }) => `${below === true} ${name}`);
  return [...groups.values()]
    .map((group) => ({
      class: group[0]!.class,
      below: group[0]!.below === true,
      color: colorOf(group[0]!.class, classes),
      path: group.map(rectPath).join(""),
    }))
    .toSorted(
      (one, other) =>
        Number(other.below) - Number(one.below) || classes.indexOf(one.class) - classes.indexOf(other.class),
    );
}

const rectPath = ({ x, y, width, height }: Rect) =>
  `M${round(x)},${round(y)}h${round(width)}v${round(height)}h${round(-width)}z`;

const round = (value: number) => Number(value.toFixed(2));
