// Annotations without boxes: room names, dimensions, a title block, a north arrow.
import type { Random } from "../toolkit/random.ts";
import { line, rect, ellipse, polygon, group } from "../toolkit/shapes.ts";
import type { RoomKind } from "./inventory.ts";
import type { Floor, Room } from "./layout.ts";
import { lettering, letteringWidth } from "./lettering.ts";
import type { Style } from "./style.ts";

const NAMES: Record<RoomKind, string[]> = {
  bath: ["BATH", "WC", "SHOWER"],
  bedroom: ["BEDROOM", "BED", "ROOM 2", "MASTER BED"],
  living: ["LIVING", "LIVING ROOM", "FAMILY"],
  kitchen: ["KITCHEN", "KIT."],
  office: ["OFFICE", "STORE", "HOME OFFICE"],
  hall: ["HALL", "ENTRANCE", "FOYER"],
};

export function floors(rooms: Room[], { floors: fills }: Style, chance: Random): string {
  if (!fills) return "";
  return rooms
    .map(({ inner: { x, y, width, height } }) => rect(x, y, width, height, chance.pick(fills)).svg)
    .join("");
}

export function roomNames(
  rooms: Room[],
  kinds: RoomKind[],
  { ink, line: width }: Style,
  chance: Random,
): string {
  const size = chance.between(16, 26);
  const areas = chance.chance(0.6);
  return rooms
    .map(({ inner, area }, at) => {
      const name = chance.pick(NAMES[kinds[at]!]);
      const x = inner.x + (inner.width - letteringWidth(name, size)) * chance.between(0.4, 0.6);
      const y = inner.y + inner.height * chance.between(0.35, 0.65);
      if (letteringWidth(name, size) > inner.width - 20) return "";
      const below = areas ? lettering(area.toFixed(1), x, y + size * 1.5, size * 0.7, ink, width * 0.5) : "";
      return lettering(name, x, y, size, ink, width * 0.6) + below;
    })
    .join("");
}

/** Along the upper and the left side, outside. */
export function dimensions(
  { width, height, walls }: Floor,
  { ink, line: thick }: Style,
  chance: Random,
): string {
  const far = -chance.between(55, 80);
  const thin = thick * 0.5;
  const ticks = (horizontal: boolean, most: number) =>
    [
      ...new Set([
        0,
        ...walls
          .filter((wall) => wall.horizontal !== horizontal && !wall.outer && wall.from === 0)
          .map(({ at }) => at),
        most,
      ]),
    ].toSorted((left, right) => left - right);
  const along = (stops: number[], upright: boolean) =>
    stops
      .map((stop, at) => {
        const point = (cross: number) => (upright ? [cross, stop] : [stop, cross]) as [number, number];
        const tick = line(...point(far - 12), ...point(far + 12), ink, thin).svg;
        const next = stops[at + 1];
        if (next === undefined) return tick;
        const text = (next - stop).toFixed(0);
        const middle = (stop + next) / 2 - letteringWidth(text, 14) / 2;
        const place = upright ? ([far - 8, middle] as const) : ([middle, far - 22] as const);
        const written = lettering(text, ...place, 14, ink, thin);
        return (
          tick +
          (upright ? `<g transform="rotate(-90 ${place[0]} ${(stop + next) / 2})">${written}</g>` : written)
        );
      })
      .join("");
  return (
    line(0, far, width, far, ink, thin).svg +
    line(far, 0, far, height, ink, thin).svg +
    along(ticks(true, width), false) +
    along(ticks(false, height), true)
  );
}

export function titleBlock(
  width: number,
  height: number,
  { ink, line: thick }: Style,
  chance: Random,
): string {
  const [x, y] = [width - 300, height + 40];
  const rows = ["FLOOR PLAN", `LEVEL ${chance.int(0, 4)}`, `SCALE 1.${chance.pick([50, 100, 200])}`];
  return (
    rect(x, y, 300, 88, { stroke: ink, width: thick * 0.6 }).svg +
    rows.map((row, at) => lettering(row, x + 12, y + 9 + at * 26, 16, ink, thick * 0.5)).join("")
  );
}

export function northArrow(x: number, y: number, { ink, line: thick }: Style): string {
  return group([
    ellipse(x, y, 26, 26, { stroke: ink, width: thick * 0.6 }),
    polygon(ink, x, y - 38, x - 9, y + 16, x, y + 6, x + 9, y + 16),
    line(x, y - 26, x, y + 26, ink, thick * 0.4),
  ]).svg;
}
