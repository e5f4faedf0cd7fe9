// How things are drawn on plans: each in a box of its own, its back along the upper edge.
import { type Mark, line, oval, rect } from "../draw/ink.ts";
import type { Random } from "../random.ts";
import type { Style } from "./style.ts";

export type Kind = "furniture" | "fixture" | "stair";

export interface Symbol {
  class: Kind;
  /** Centimetres. */
  width: [least: number, most: number];
  depth: [least: number, most: number];
  /** Stands in the room and not at a wall. */
  free?: boolean;
  draw(width: number, depth: number, pen: Pen): Mark;
}

/** How things are drawn here. */
export interface Pen {
  style: Style;
  chance: Random;
  /** An outlined box, filled like furniture. */
  box(x: number, y: number, width: number, height: number, round?: number): Mark;
  round(x: number, y: number, rx: number, ry: number): Mark;
  stroke(x1: number, y1: number, x2: number, y2: number): Mark;
}

export function penOf(style: Style, kind: Kind, chance: Random): Pen {
  const { ink } = style;
  const width = style.line * 0.75;
  const fill = kind === "furniture" ? style.furniture : kind === "fixture" ? style.fixture : "none";
  const paint = { fill, stroke: ink, width };
  // Half a line inwards, so that the ink ends where the thing does.
  const by = width / 2;
  return {
    style,
    chance,
    box: (x, y, w, h, rounded = 0) => rect(x + by, y + by, w - width, h - width, paint, rounded),
    round: (x, y, rx, ry) => oval(x, y, rx - by, ry - by, paint),
    stroke: (x1, y1, x2, y2) => line(x1, y1, x2, y2, ink, width),
  };
}
