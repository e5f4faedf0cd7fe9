// Boxes in image pixels from the top left corner, clipped to the image. Edited boxes have integer coordinates.
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

/** The sides of a resize handle: -1 left or top, 1 right or bottom, 0 neither. */
export interface Grip {
  across: -1 | 0 | 1;
  down: -1 | 0 | 1;
}

const clamp = (value: number, max: number) => Math.min(Math.max(value, 0), max);

export function clipBox(box: Box, size: Size): Box {
  const { x, y, width, height } = box;
  const [left, top] = [clamp(x, size.width), clamp(y, size.height)];
  const wide = extent(left, x + width, size.width);
  return { ...box, x: left, y: top, width: wide, height: extent(top, y + height, size.height) };
}

/** Compensates rounding: the sum of two fractions may exceed the image edge. */
const EPSILON = 1e-6;

function extent(from: number, end: number, max: number): number {
  const length = Math.max(0, Math.min(end, max) - from);
  return from + length > max ? length - EPSILON : length;
}

/** The box between two corners. Undefined without an area. */
export function boxBetween(name: string, one: Point, other: Point, size: Size): Box | undefined {
  const [left, right] = span(one.x, other.x, size.width);
  const [top, bottom] = span(one.y, other.y, size.height);
  if (left === right || top === bottom) return undefined;
  return { class: name, x: left, y: top, width: right - left, height: bottom - top };
}

function span(one: number, other: number, max: number): [from: number, to: number] {
  const [from, to] = [clamp(Math.round(one), max), clamp(Math.round(other), max)];
  return from < to ? [from, to] : [to, from];
}

export function moveBox(box: Box, by: Point, size: Size): Box {
  const { width, height } = roundBox(box, size);
  return {
    ...box,
    x: clamp(Math.round(box.x + by.x), size.width - width),
    y: clamp(Math.round(box.y + by.y), size.height - height),
    width,
    height,
  };
}

/** Moves the sides of a grip. A box keeps at least one pixel. */
export function resizeBox(box: Box, { across, down }: Grip, by: Point, size: Size): Box {
  const { x, y, width, height } = roundBox(box, size);
  const [left, right] = moveSide(x, x + width, across, by.x, size.width);
  const [top, bottom] = moveSide(y, y + height, down, by.y, size.height);
  return { ...box, x: left, y: top, width: right - left, height: bottom - top };
}

function moveSide(from: number, to: number, side: -1 | 0 | 1, by: number, max: number): [number, number] {
  if (side < 0) return [Math.min(clamp(Math.round(from + by), max), to - 1), to];
  if (side > 0) return [from, Math.max(clamp(Math.round(to + by), max), from + 1)];
  return [from, to];
}

function roundBox({ x, y, width, height }: Box, size: Size) {
  const left = clamp(Math.round(x), size.width - 1);
  const top = clamp(Math.round(y), size.height - 1);
  return {
    x: left,
    y: top,
    width: Math.max(1, clamp(Math.round(x + width), size.width) - left),
    height: Math.max(1, clamp(Math.round(y + height), size.height) - top),
  };
}

/** A centered box with half the size of the image. */
export function centerBox(name: string, { width, height }: Size): Box {
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
export const formatBox = ({ x, y, width, height }: Box) =>
  `${Math.round(width)} × ${Math.round(height)} at ${Math.round(x)}, ${Math.round(y)}`;
