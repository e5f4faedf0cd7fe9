import type { Random } from "./random.ts";
import { type Shape, type Paint, rect } from "./shapes.ts";

/** The size of an image, and its source of randomness. */
export interface Canvas {
  width: number;
  height: number;
  chance: Random;
}

export interface SizeRange {
  width: [number, number];
  /** Height by width. */
  ratio: [number, number];
}

export function randomCanvas(size: SizeRange, chance: Random): Canvas {
  const width = chance.int(...size.width);
  return { width, height: Math.round(width * chance.between(...size.ratio)), chance };
}

/** A rectangle of the canvas's size. */
export const cover = ({ width, height }: Canvas, paint: Paint): Shape => rect(0, 0, width, height, paint);
