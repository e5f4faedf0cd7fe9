// Draws vehicles from the side, with their wheels on the ground at zero, facing right.
import { hsl, varied, tone } from "../toolkit/colour.ts";
import { type Random, times, maybe } from "../toolkit/random.ts";
import { type Shape, line, roundLine, rect, ellipse, polygon } from "../toolkit/shapes.ts";

export const CLASSES = ["car", "truck", "bus", "motorcycle", "bicycle"] as const;
export type Kind = (typeof CLASSES)[number];

const paint = (chance: Random) => tone(chance.between(0, 360), chance.between(5, 80), chance.between(25, 82));
const glass = (chance: Random) => varied(hsl(205, 25, chance.between(30, 70)), chance);
const wheel = (x: number, radius: number): Shape[] => [
  ellipse(x, -radius, radius, radius, "#1b1b1d"),
  ellipse(x, -radius, radius * 0.5, radius * 0.5, "#a5a8ad"),
];

export const DRAW: Record<Kind, (chance: Random) => Shape[]> = {
  car(chance) {
    const body = paint(chance);
    const roof = chance.between(0.75, 1) * chance.pick([34, 40, 46]);
    // The rear window ends far back in an estate, forward in a saloon.
    const tail = chance.pick([-38, -55, -78]);
    const top = -42 - roof * 0.75;
    const sill = -38 - roof * 0.62;
    return [
      polygon(body, tail - 20, -42, tail, top, 28, top, 58, -42),
      polygon(glass(chance), tail - 10, -42, tail + 5, sill, -4, sill, -4, -42),
      polygon(glass(chance), 2, -42, 2, sill, 25, sill, 46, -42),
      rect(-95, -46, 190, 33, body, 12),
      rect(84, -40, 10, 8, "#ffe9a8"),
      ...wheel(-55, 18),
      ...wheel(58, 18),
    ];
  },
  truck(chance) {
    const tall = chance.between(78, 105);
    return [
      ...load(tall, chance),
      polygon(paint(chance), 50, -20, 50, -82, 84, -82, 106, -52, 106, -20),
      polygon(glass(chance), 60, -52, 60, -74, 81, -74, 97, -52),
      rect(-115, -24, 222, 10, "#2c2c30"),
      ...wheel(-85, 17),
      ...wheel(-45, 17),
      ...wheel(80, 17),
    ];
  },
  bus(chance) {
    const tall = chance.between(78, 100);
    const decks = chance.chance(0.15) ? [-tall, -tall * 0.52] : [-tall];
    const windows = chance.int(5, 7);
    const step = 190 / windows;
    const deep = decks.length > 1 ? 0.24 : 0.38;
    return [
      rect(-115, -tall - 12, 230, tall, paint(chance), 9),
      ...decks.flatMap((y) =>
        times(windows, (at) => rect(-106 + at * step, y, step - 6, tall * deep, glass(chance))),
      ),
      rect(90, -tall, 20, tall * 0.8, glass(chance)),
      rect(-115, -tall * 0.42 + (decks.length > 1 ? tall * 0.18 : 0), 230, 5, paint(chance)),
      ...wheel(-70, 17),
      ...wheel(68, 17),
    ];
  },
  motorcycle(chance) {
    const body = paint(chance);
    return [
      ...wheel(-48, 25),
      ...wheel(50, 25),
      roundLine(50, -25, 32, -72, "#555", 6),
      roundLine(32, -72, 18, -78, "#222", 5),
      polygon("#4a4b50", -20, -22, -26, -44, 22, -44, 26, -22),
      polygon(body, -8, -44, -2, -64, 28, -66, 34, -46),
      polygon("#26201e", -58, -52, -50, -60, -2, -56, -6, -46),
      roundLine(-48, -25, -4, -36, "#777", 6),
      roundLine(-60, -20, -12, -18, "#b0b0b4", 7),
      ...maybe(chance, 0.25, () => [rect(-72, -80, 24, 24, paint(chance))]),
      ...maybe(chance, 0.5, () => [
        polygon(paint(chance), -24, -56, -14, -104, 6, -104, 10, -56),
        ellipse(-2, -118, 13, 14, paint(chance)),
        roundLine(2, -96, 22, -76, "#333", 7),
      ]),
    ];
  },
  bicycle(chance) {
    const frame = paint(chance);
    const hoop = (x: number): Shape[] => [
      ellipse(x, -30, 29, 29, { stroke: "#2a2a2a", width: 4 }),
      ...[0, 45, 90, 135].map((degrees) => {
        const [dx, dy] = [Math.cos((degrees / 180) * Math.PI) * 28, Math.sin((degrees / 180) * Math.PI) * 28];
        return line(x - dx, -30 - dy, x + dx, -30 + dy, "#999", 1);
      }),
    ];
    const bar = (x1: number, y1: number, x2: number, y2: number) => roundLine(x1, y1, x2, y2, frame, 4);
    return [
      ...hoop(-48),
      ...hoop(50),
      bar(-48, -30, -4, -28),
      bar(-48, -30, -18, -68),
      bar(-18, -68, -4, -28),
      bar(-4, -28, 36, -66),
      ...(chance.chance(0.75) ? [bar(-18, -66, 36, -66)] : [bar(-10, -48, 36, -58)]),
      bar(50, -30, 34, -82),
      roundLine(34, -82, 46, -86, "#222", 4),
      roundLine(-28, -74, -8, -74, "#222", 6),
      ...maybe(chance, 0.3, () => [rect(38, -80, 26, 18, "#7a5a34")]),
      ...maybe(chance, 0.4, () => [
        roundLine(-16, -76, 2, -122, paint(chance), 14),
        roundLine(2, -116, 38, -86, "#b98", 5),
        roundLine(-16, -76, 4, -40, "#345", 8),
        ellipse(6, -138, 11, 12, paint(chance)),
      ]),
    ];
  },
};

/** A box, a tank, or timber on an open bed. */
function load(tall: number, chance: Random): Shape[] {
  const kind = chance.next();
  if (kind < 0.15) return [rect(-115, -72, 158, 46, paint(chance), 22)];
  if (kind < 0.3)
    return times(3, (at) =>
      rect(-112 + at * 4, -44 - at * 16, 150 - at * 8, 15, varied(hsl(30, 45, 42), chance), 6),
    );
  const stripe = chance.chance(0.5) ? [rect(-100, -tall * 0.7 - 18, 128, 9, paint(chance))] : [];
  return [rect(-115, -tall - 18, 158, tall, paint(chance)), ...stripe];
}
