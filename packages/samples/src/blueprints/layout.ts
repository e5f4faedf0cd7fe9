// Divides a floor until each part is a room. Lengths are in centimeters.
import type { Random } from "../toolkit/random.ts";

export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** By its middle line: horizontal walls run in x, the others in y. */
export interface Wall {
  horizontal: boolean;
  /** The coordinate that stays the same along it. */
  at: number;
  from: number;
  to: number;
  thick: number;
  outer: boolean;
  /** Where other walls end on it. */
  joints: number[];
}

export interface Room {
  /** Between the faces of its walls. */
  inner: Rect;
  area: number;
}

export interface Floor {
  width: number;
  height: number;
  walls: Wall[];
  rooms: Room[];
}

const OUTER = 28;
const INNER = 12;
const LEAST_SIDE = 190;
/** In square meters. Rooms above LARGE are always divided, below SMALL never. */
const LARGE = 34;
const MIDDLE = 17;
const SMALL = 9;
const SQUARE_METRE = 10_000;

export function randomFloor(chance: Random): Floor {
  const width = grid(chance.between(700, 1500));
  const height = grid(Math.min(1200, width * chance.between(0.55, 1.05)));
  const inside: Wall[] = [];
  const leaves = divide({ x: 0, y: 0, width, height }, chance, inside);
  const outline: Wall[] = [
    { ...wall(true, 0, 0, width), outer: true, thick: OUTER },
    { ...wall(true, height, 0, width), outer: true, thick: OUTER },
    { ...wall(false, 0, 0, height), outer: true, thick: OUTER },
    { ...wall(false, width, 0, height), outer: true, thick: OUTER },
  ];
  const kept =
    chance.chance(0.35) && leaves.length > 4
      ? cutCorner(leaves, outline, inside, width, height, chance)
      : leaves;
  const walls = [...outline, ...inside];
  for (const one of walls) one.joints = jointsOf(one, walls);
  return { width, height, walls, rooms: kept.map((leaf) => roomOf(leaf, walls)) };
}

const grid = (value: number) => Math.round(value / 10) * 10;
const wall = (horizontal: boolean, at: number, from: number, to: number): Wall => ({
  horizontal,
  at,
  from,
  to,
  thick: INNER,
  outer: false,
  joints: [],
});

function divide(part: Rect, chance: Random, walls: Wall[]): Rect[] {
  const area = (part.width * part.height) / SQUARE_METRE;
  const long = Math.max(part.width, part.height);
  const whole =
    area < SMALL || long < 2 * LEAST_SIDE || (area < LARGE && chance.chance(area < MIDDLE ? 0.5 : 0.15));
  if (whole) return [part];
  const upright = part.width > part.height * chance.between(0.8, 1.25);
  const side = upright ? part.width : part.height;
  if (side < 2 * LEAST_SIDE) return [part];
  const cut = grid(Math.min(side - LEAST_SIDE, Math.max(LEAST_SIDE, side * chance.between(0.3, 0.7))));
  const { x, y, width, height } = part;
  if (upright) {
    walls.push(wall(false, x + cut, y, y + height));
    return [
      ...divide({ x, y, width: cut, height }, chance, walls),
      ...divide({ x: x + cut, y, width: width - cut, height }, chance, walls),
    ];
  }
  walls.push(wall(true, y + cut, x, x + width));
  return [
    ...divide({ x, y, width, height: cut }, chance, walls),
    ...divide({ x, y: y + cut, width, height: height - cut }, chance, walls),
  ];
}

/** Turns a corner room into a terrace: the walls around it become outer walls. */
function cutCorner(
  leaves: Rect[],
  outline: Wall[],
  inside: Wall[],
  width: number,
  height: number,
  chance: Random,
): Rect[] {
  const right = chance.chance(0.5);
  const low = chance.chance(0.5);
  const corner = leaves.find(
    (leaf) =>
      (right ? leaf.x + leaf.width === width : leaf.x === 0) &&
      (low ? leaf.y + leaf.height === height : leaf.y === 0),
  )!;
  const [top, bottom, left, east] = outline as [Wall, Wall, Wall, Wall];
  const across = low ? bottom : top;
  const down = right ? east : left;
  if (right) across.to = corner.x;
  else across.from = corner.width;
  if (low) down.to = corner.y;
  else down.from = corner.height;
  for (const one of inside) {
    const edge = one.horizontal ? (low ? corner.y : corner.height) : right ? corner.x : corner.width;
    const runs = one.horizontal ? [corner.x, corner.x + corner.width] : [corner.y, corner.y + corner.height];
    // Only walls no longer than the terrace become outer walls.
    if (one.at === edge && one.from === runs[0] && one.to === runs[1]) {
      one.outer = true;
      one.thick = OUTER;
    }
  }
  return leaves.filter((leaf) => leaf !== corner);
}

function jointsOf(one: Wall, walls: Wall[]): number[] {
  return walls
    .filter(
      (other) =>
        other.horizontal !== one.horizontal &&
        (other.from === one.at || other.to === one.at || (other.from < one.at && other.to > one.at)) &&
        other.at >= one.from &&
        other.at <= one.to,
    )
    .map(({ at }) => at);
}

function roomOf({ x, y, width, height }: Rect, walls: Wall[]): Room {
  const half = (horizontal: boolean, at: number, from: number, to: number) =>
    Math.max(
      ...walls
        .filter((one) => one.horizontal === horizontal && one.at === at && one.from < to && one.to > from)
        .map(({ thick }) => thick / 2),
    );
  const left = half(false, x, y, y + height);
  const top = half(true, y, x, x + width);
  const right = half(false, x + width, y, y + height);
  const bottom = half(true, y + height, x, x + width);
  const inner = { x: x + left, y: y + top, width: width - left - right, height: height - top - bottom };
  return { inner, area: (inner.width * inner.height) / SQUARE_METRE };
}

export const touches = (one: Rect, other: Rect, gap = 0) =>
  one.x < other.x + other.width + gap &&
  other.x < one.x + one.width + gap &&
  one.y < other.y + other.height + gap &&
  other.y < one.y + one.height + gap;
