// Draws a thing on a plan inside its own box, with its back along the upper edge.
import type { Random } from "../toolkit/random.ts";
import { type Shape, line, rect, ellipse } from "../toolkit/shapes.ts";
import type { Style } from "./style.ts";

export type Kind = "furniture" | "fixture" | "stair";

export interface Symbol {
  class: Kind;
  /** Centimeters. */
  width: [least: number, most: number];
  depth: [least: number, most: number];
  /** In the middle of a room, not at a wall. */
  free?: boolean;
  draw(width: number, depth: number, pen: Pen): Shape;
}

export type Pen = ReturnType<typeof penOf>;

export function penOf(style: Style, kind: Kind, chance: Random) {
  const { ink } = style;
  const width = style.line * 0.75;
  const fill = kind === "furniture" ? style.furniture : kind === "fixture" ? style.fixture : "none";
  const paint = { fill, stroke: ink, width };
  // Half a line inwards: the ink ends at the thing's edge.
  const by = width / 2;
  return {
    style,
    chance,
    /** An outlined box, filled like furniture. */
    box: (x: number, y: number, w: number, h: number, rounded = 0): Shape =>
      rect(x + by, y + by, w - width, h - width, paint, rounded),
    round: (x: number, y: number, rx: number, ry: number): Shape => ellipse(x, y, rx - by, ry - by, paint),
    stroke: (x1: number, y1: number, x2: number, y2: number): Shape => line(x1, y1, x2, y2, ink, width),
  };
}
