// Places furniture in rooms, along the walls and clear of doors.
import type { Random } from "../toolkit/random.ts";
import type { Shape } from "../toolkit/shapes.ts";
import { type Matrix, transform } from "../toolkit/transform.ts";
import { type RoomKind, inventory } from "./inventory.ts";
import { type Rect, type Room, touches } from "./layout.ts";
import { type Kind, type Symbol, penOf } from "./pen.ts";
import { STAIRS } from "./stairs.ts";
import type { Style } from "./style.ts";

export interface Thing {
  class: Kind;
  shape: Shape;
  place: Rect;
}

const TRIES = 14;
/** Centimeters between things, and to walls that a thing does not touch. */
const GAP = 8;
const SMALL_ROOM = 8;

/** Bath, living room and kitchen first; the other rooms are random. */
export function assignRoomKinds(rooms: Room[], chance: Random): RoomKind[] {
  const bySize = rooms.toSorted((left, right) => left.area - right.area);
  const kinds = new Map<Room, RoomKind>();
  kinds.set(bySize[0]!, "bath");
  kinds.set(bySize.at(-1)!, "living");
  const middle = bySize.slice(1, -1);
  const kitchen = middle.at(Math.floor(middle.length / 2));
  if (kitchen) kinds.set(kitchen, "kitchen");
  for (const room of middle)
    if (!kinds.has(room))
      kinds.set(
        room,
        room.area < SMALL_ROOM
          ? chance.pick(["bath", "hall", "office"] as const)
          : chance.pick(["bedroom", "bedroom", "office", "living", "hall"] as const),
      );
  return rooms.map((room) => kinds.get(room)!);
}

export function furnish(
  rooms: Room[],
  kinds: RoomKind[],
  blocked: Rect[],
  style: Style,
  chance: Random,
): Thing[] {
  const things: Thing[] = [];
  const put = (room: Room, symbol: Symbol) => {
    const thing = placeThing(
      room.inner,
      symbol,
      [...blocked, ...things.map((one) => one.place)],
      style,
      chance,
    );
    if (thing) things.push(thing);
    return thing !== undefined;
  };
  // Stairs first: they need the most space.
  if (chance.chance(0.75)) {
    const halls = chance.shuffle(rooms.filter((_, at) => kinds[at] !== "bath"));
    halls.some((room) => chance.shuffle(STAIRS).some((stair) => put(room, stair)));
  }
  for (const [at, room] of rooms.entries()) {
    if (chance.chance(0.06)) continue;
    for (const symbol of inventory(kinds[at]!, chance)) put(room, symbol);
  }
  return things;
}

function placeThing(
  room: Rect,
  symbol: Symbol,
  blocked: Rect[],
  style: Style,
  chance: Random,
): Thing | undefined {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const width = chance.between(...symbol.width);
    const depth = chance.between(...symbol.depth);
    const turns = chance.int(0, 3);
    const [across, along] = turns % 2 === 0 ? [width, depth] : [depth, width];
    const gap = symbol.free ? 40 : GAP / 2;
    const slack = { x: room.width - across - 2 * gap, y: room.height - along - 2 * gap };
    if (slack.x < 0 || slack.y < 0) continue;
    // In a corner, in the middle or anywhere along the wall.
    const along01 = chance.pick([0, 0.5, 1, chance.next(), chance.next()]);
    const cross01 = chance.next();
    const back = gap;
    const x =
      symbol.free || turns % 2 === 0
        ? room.x + gap + slack.x * along01
        : turns === 1
          ? room.x + room.width - across - back
          : room.x + back;
    const y = symbol.free
      ? room.y + gap + slack.y * cross01
      : turns === 0
        ? room.y + back
        : turns === 2
          ? room.y + room.height - along - back
          : room.y + gap + slack.y * along01;
    const stand = { x, y, width: across, height: along };
    if (blocked.some((other) => touches(stand, other, GAP))) continue;
    const shape = symbol.draw(width, depth, penOf(style, symbol.class, chance));
    return { class: symbol.class, shape: transform(quarterTurn(stand, turns), shape), place: stand };
  }
  return undefined;
}

/** Turns a thing, drawn with its back at the top, by quarters: its back is at the wall. */
function quarterTurn({ x, y, width, height }: Rect, turns: number): Matrix {
  if (turns === 0) return [1, 0, 0, 1, x, y];
  if (turns === 1) return [0, 1, -1, 0, x + width, y];
  if (turns === 2) return [-1, 0, 0, -1, x + width, y + height];
  return [0, -1, 1, 0, x, y + height];
}
