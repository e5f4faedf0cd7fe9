// Places doors and windows in walls, and draws them.
import type { Random } from "../toolkit/random.ts";
import { type Shape, line, rect, arc, group } from "../toolkit/shapes.ts";
import { type Matrix, transform } from "../toolkit/transform.ts";
import type { Floor, Rect, Room, Wall } from "./layout.ts";
import type { Style } from "./style.ts";

export interface Opening {
  class: "door" | "window";
  shape: Shape;
  /** The part of the wall that it replaces. */
  wall: Wall;
  from: number;
  to: number;
  /** Free of furniture. */
  clear: Rect;
}

const DOORS = [75, 85, 95];
const WINDOWS = { least: 70, most: 260 };
/** Between an opening and the next wall. */
const MARGIN = 14;

interface Span {
  from: number;
  to: number;
}

export function randomOpenings({ walls, rooms }: Floor, style: Style, chance: Random): Opening[] {
  const entrance = chance.pick(walls.filter(({ outer, from, to }) => outer && to - from > 300));
  return walls.flatMap((wall) => {
    const spans = spansBetweenWalls(wall, rooms);
    if (wall.outer) {
      const found = spans.flatMap((span) =>
        chance.chance(0.85) ? windowsIn(wall, span, style, chance) : [],
      );
      const room = spans.find(({ from, to }) => to - from > 130);
      if (wall !== entrance || !room) return found;
      const door = doorIn(wall, room, rooms, style, chance);
      return [door, ...found.filter((one) => one.from > door.to + MARGIN || one.to < door.from - MARGIN)];
    }
    const wide = chance.shuffle(spans.filter(({ from, to }) => to - from >= DOORS[0]!));
    return wide.slice(0, chance.chance(0.25) ? 2 : 1).map((span) => doorIn(wall, span, rooms, style, chance));
  });
}

/** The parts of a wall between the walls that end on it, with a room on at least one side. */
function spansBetweenWalls(wall: Wall, rooms: Room[]): Span[] {
  const ends = [wall.from, ...wall.joints, wall.to].toSorted((left, right) => left - right);
  const spans: Span[] = [];
  for (let at = 1; at < ends.length; at++) {
    const span = { from: ends[at - 1]! + 20 + MARGIN, to: ends[at]! - 20 - MARGIN };
    const middle = (span.from + span.to) / 2;
    const beside = rooms.some(({ inner }) => isBeside(inner, wall, middle));
    if (span.to - span.from > 40 && beside) spans.push(span);
  }
  return spans;
}

function isBeside(room: Rect, { horizontal, at, thick }: Wall, middle: number): boolean {
  const [low, high] = horizontal ? [room.x, room.x + room.width] : [room.y, room.y + room.height];
  const [near, far] = horizontal ? [room.y, room.y + room.height] : [room.x, room.x + room.width];
  const close = Math.min(Math.abs(near - at), Math.abs(far - at)) <= thick;
  return close && middle > low && middle < high;
}

function windowsIn(wall: Wall, span: Span, style: Style, chance: Random): Opening[] {
  const room = span.to - span.from;
  if (room < WINDOWS.least) return [];
  const size = Math.min(room, chance.between(WINDOWS.least, WINDOWS.most));
  const from = span.from + (room - size) * chance.pick([0.5, 0.5, chance.next()]);
  const to = from + size;
  const half = wall.thick / 2;
  const { ink, paper, line: width } = style;
  const glass = chance.pick(style.windows);
  const marks = [rect(0, -half, size, wall.thick, { fill: paper, stroke: ink, width })];
  if (glass !== "double") marks.push(line(0, 0, size, 0, ink, width));
  if (glass !== "single")
    marks.push(
      line(0, -half * 0.4, size, -half * 0.4, ink, width),
      line(0, half * 0.4, size, half * 0.4, ink, width),
    );
  if (size > 150 && chance.chance(0.5)) marks.push(line(size / 2, -half, size / 2, half, ink, width));
  return [
    {
      class: "window",
      wall,
      from,
      to,
      shape: transform(alongside(wall, from, 1), group(marks)),
      clear: clearOf(wall, from, to, 5),
    },
  ];
}

function doorIn(wall: Wall, span: Span, rooms: Room[], style: Style, chance: Random): Opening {
  const room = span.to - span.from;
  const twin = room > 190 && chance.chance(0.15);
  const size = Math.min(room, twin ? chance.between(140, 180) : chance.pick(DOORS));
  const from = span.from + (room - size) * chance.pick([0, 1, chance.next()]);
  const to = from + size;
  // Towards a side with room to swing; the outside of the house has none.
  const middle = (from + to) / 2;
  const depth = (side: 1 | -1) => depthOf(wall, middle, side, rooms);
  const sides = ([1, -1] as const).filter((side) => depth(side) > size + 20);
  const side = sides.length > 0 ? chance.pick(sides) : 1;
  const sliding = sides.length === 0 || chance.chance(0.1);
  const draw = sliding ? slidingDoor : twin ? twinDoor : swingingDoor;
  const shape = transform(alongside(wall, from, side), draw(size, wall.thick, style, chance));
  return { class: "door", wall, from, to, shape, clear: clearOf(wall, from, to, size) };
}

/** The distance from the wall to the opposite wall of the room. */
function depthOf(wall: Wall, middle: number, side: 1 | -1, rooms: Room[]): number {
  const point = wall.at + side * (wall.thick / 2 + 5);
  const [x, y] = wall.horizontal ? [middle, point] : [point, middle];
  const room = rooms.find(
    ({ inner }) => x > inner.x && x < inner.x + inner.width && y > inner.y && y < inner.y + inner.height,
  );
  if (!room) return 0;
  return wall.horizontal ? room.inner.height : room.inner.width;
}

/** Maps a drawing along x, with `side` towards y, to the wall. */
function alongside({ horizontal, at }: Wall, from: number, side: 1 | -1): Matrix {
  return horizontal ? [1, 0, 0, side, from, at] : [0, 1, side, 0, at, from];
}

function clearOf({ horizontal, at, thick }: Wall, from: number, to: number, depth: number): Rect {
  const reach = thick / 2 + depth;
  return horizontal
    ? { x: from, y: at - reach, width: to - from, height: 2 * reach }
    : { x: at - reach, y: from, width: 2 * reach, height: to - from };
}

/** The ends of the wall beside an opening. */
function jambs(size: number, thick: number, { ink, paper, line: width }: Style): Shape[] {
  return [
    rect(0, -thick / 2, size, thick, paper),
    line(0, -thick / 2, 0, thick / 2, ink, width),
    line(size, -thick / 2, size, thick / 2, ink, width),
  ];
}

function leaf(hinge: number, size: number, thick: number, way: 1 | -1, style: Style): Shape[] {
  const { ink, line: width } = style;
  const reach = size - width;
  const base = thick / 2;
  const panel = style.leaf > width ? { fill: style.paper, stroke: ink, width } : { fill: ink };
  return [
    rect(way === 1 ? hinge : hinge - style.leaf, base, style.leaf, reach, panel),
    arc(hinge, base, reach, 90, way === 1 ? 0 : 180, {
      stroke: ink,
      width: width * 0.7,
      ...(style.dashedSwing && { dash: "7 5" }),
    }),
  ];
}

function swingingDoor(size: number, thick: number, style: Style, chance: Random): Shape {
  const left = chance.chance(0.5);
  return group([...jambs(size, thick, style), ...leaf(left ? 0 : size, size, thick, left ? 1 : -1, style)]);
}

const twinDoor = (size: number, thick: number, style: Style): Shape =>
  group([
    ...jambs(size, thick, style),
    ...leaf(0, size / 2, thick, 1, style),
    ...leaf(size, size / 2, thick, -1, style),
  ]);

function slidingDoor(size: number, thick: number, style: Style): Shape {
  const panel = { fill: style.paper, stroke: style.ink, width: style.line };
  return group([
    ...jambs(size, thick, style),
    rect(0, -thick * 0.3, size * 0.55, thick * 0.3, panel),
    rect(size * 0.45, 0, size * 0.55, thick * 0.3, panel),
  ]);
}
