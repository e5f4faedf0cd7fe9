// Moves shapes, and finds their bounding boxes.
import type { Random } from "./random.ts";
import type { SampleBox } from "./sample.ts";
import type { Shape, Point } from "./shapes.ts";

/** As in SVG: x' = ax + cy + e, y' = bx + dy + f. */
export type Matrix = [a: number, b: number, c: number, d: number, e: number, f: number];

export const mapPoint = ([a, b, c, d, e, f]: Matrix, [x, y]: Point): Point => [
  a * x + c * y + e,
  b * x + d * y + f,
];

/** Rotates by degrees about the origin, scales, mirrors where `flip` is -1, then moves to `x, y`. */
export function placement(x: number, y: number, scale = 1, degrees = 0, flip: 1 | -1 = 1): Matrix {
  const angle = (degrees / 180) * Math.PI;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  return [cos * flip, sin * flip, -sin, cos, x, y];
}

export const svgMatrix = (matrix: Matrix) => `matrix(${matrix.map((value) => value.toFixed(5)).join(" ")})`;

export const transform = (matrix: Matrix, shape: Shape): Shape => ({
  svg: `<g transform="${svgMatrix(matrix)}">${shape.svg}</g>`,
  hull: shape.hull.map((point) => mapPoint(matrix, point)),
});

/** Smaller boxes look like specks. */
const MIN_SIDE_PIXELS = 3;

/** In whole pixels, clipped to the image; undefined when the shape is outside. */
export function boundingBox(
  name: string,
  { hull }: Pick<Shape, "hull">,
  width: number,
  height: number,
): SampleBox | undefined {
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of hull) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  const x = within(left, width);
  const y = within(top, height);
  const box = { class: name, x, y, width: within(right, width) - x, height: within(bottom, height) - y };
  return box.width >= MIN_SIDE_PIXELS && box.height >= MIN_SIDE_PIXELS ? box : undefined;
}

export const randomFlip = (chance: Random): 1 | -1 => (chance.chance(0.5) ? 1 : -1);
