// Boxes in the picture's own pixels, from its top left corner, never outside it. What a person sets is whole pixels.
import type { Verdict } from "@sluice/core/review/verdict.ts";

export type Box = NonNullable<Verdict["boxes"]>[number];

export interface Point {
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

/** Which sides are taken hold of: -1 the left or upper one, 1 the right or lower one, 0 none of the two. */
export interface Grip {
  across: -1 | 0 | 1;
  down: -1 | 0 | 1;
}

const held = (value: number, most: number) => Math.min(Math.max(value, 0), most);

/** The part of it that lies in the picture. */
export function clipped({ class: name, x, y, width, height }: Box, size: Size): Box {
  const [left, top] = [held(x, size.width), held(y, size.height)];
  const wide = extent(left, x + width, size.width);
  return { class: name, x: left, y: top, width: wide, height: extent(top, y + height, size.height) };
}

/** A sum of fractions may come out above the edge that both were made of. */
const HAIR = 1e-6;

function extent(from: number, end: number, most: number): number {
  const length = Math.max(0, Math.min(end, most) - from);
  return from + length > most ? length - HAIR : length;
}

/** Between two corners; nothing where that has no area. */
export function between(name: string, one: Point, other: Point, size: Size): Box | undefined {
  const [left, right] = span(one.x, other.x, size.width);
  const [top, bottom] = span(one.y, other.y, size.height);
  if (left === right || top === bottom) return undefined;
  return { class: name, x: left, y: top, width: right - left, height: bottom - top };
}

function span(one: number, other: number, most: number): [from: number, to: number] {
  const [from, to] = [held(Math.round(one), most), held(Math.round(other), most)];
  return from < to ? [from, to] : [to, from];
}

export function moved(box: Box, by: Point, size: Size): Box {
  const { width, height } = whole(box, size);
  return {
    class: box.class,
    x: held(Math.round(box.x + by.x), size.width - width),
    y: held(Math.round(box.y + by.y), size.height - height),
    width,
    height,
  };
}

/** With the held sides elsewhere; none goes past its opposite, one pixel stays. */
export function resized(box: Box, { across, down }: Grip, by: Point, size: Size): Box {
  const { class: name, x, y, width, height } = whole(box, size);
  const [left, right] = pulled(x, x + width, across, by.x, size.width);
  const [top, bottom] = pulled(y, y + height, down, by.y, size.height);
  return { class: name, x: left, y: top, width: right - left, height: bottom - top };
}

function pulled(from: number, to: number, side: -1 | 0 | 1, by: number, most: number): [number, number] {
  if (side < 0) return [Math.min(held(Math.round(from + by), most), to - 1), to];
  if (side > 0) return [from, Math.max(held(Math.round(to + by), most), from + 1)];
  return [from, to];
}

function whole({ class: name, x, y, width, height }: Box, size: Size): Box {
  const left = held(Math.round(x), size.width - 1);
  const top = held(Math.round(y), size.height - 1);
  return {
    class: name,
    x: left,
    y: top,
    width: Math.max(1, held(Math.round(x + width), size.width) - left),
    height: Math.max(1, held(Math.round(y + height), size.height) - top),
  };
}

/** Half as wide and high as the picture, in its middle. */
export function middle(name: string, { width, height }: Size): Box {
  const [wide, high] = [Math.ceil(width / 2), Math.ceil(height / 2)];
  return {
    class: name,
    x: Math.floor((width - wide) / 2),
    y: Math.floor((height - high) / 2),
    width: wide,
    height: high,
  };
}

/** "30 × 20 at 10, 12" */
export const placeOf = ({ x, y, width, height }: Box) =>
  `${Math.round(width)} × ${Math.round(height)} at ${Math.round(x)}, ${Math.round(y)}`;
