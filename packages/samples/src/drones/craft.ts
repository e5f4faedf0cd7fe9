// Draws flying objects around the origin, about 100 units wide, facing right.
import { type Random, times, maybe } from "../toolkit/random.ts";
import { type Shape, line, roundLine, rect, ellipse, polygon, curve, group } from "../toolkit/shapes.ts";

export const CLASSES = ["drone", "bird", "airplane", "helicopter"] as const;
export type Craft = (typeof CLASSES)[number];

/** Far things take on the color of the air. */
export interface CraftColours {
  body: string;
  dark: string;
  /** Of windows, lamps and markings. */
  accent: string;
}

export const DRAW: Record<Craft, (shade: CraftColours, chance: Random) => Shape> = {
  drone: (shade, chance) =>
    chance.chance(0.65) ? copterFromSide(shade, chance) : copterFromBelow(shade, chance),
  bird: (shade, chance) => (chance.chance(0.6) ? flapping(shade, chance) : soaring(shade, chance)),
  airplane: (shade, chance) =>
    chance.chance(0.5) ? planeFromSide(shade, chance) : planeFromBelow(shade, chance),
  helicopter,
};

const veil = (fill: string, opacity: number) => ({ fill, opacity });

function copterFromSide({ body, dark, accent }: CraftColours, chance: Random): Shape {
  const reach = chance.between(38, 48);
  const hover = chance.between(-3, 3);
  const blades = chance.between(15, 22);
  const drop = chance.between(8, 16);
  const motors = chance.chance(0.5) ? [-reach, -reach * 0.55, reach * 0.55, reach] : [-reach, reach];
  return group([
    roundLine(-reach, -6 + hover, reach, -6 - hover, dark, 4),
    ...motors.flatMap((x) => [
      rect(x - 3, -14, 6, 10, dark),
      ellipse(x, -15, blades, 2.2, veil(dark, chance.between(0.35, 0.8))),
    ]),
    rect(-16, -9, 32, 13, body, 5),
    ...maybe(chance, 0.7, () => [ellipse(chance.between(-5, 9), 7, 5, 5, accent)]),
    ...maybe(chance, 0.75, () => [
      line(-10, 2, -17, drop, dark, 2),
      line(10, 2, 17, drop, dark, 2),
      line(-23, drop, -11, drop, dark, 2),
      line(11, drop, 23, drop, dark, 2),
    ]),
  ]);
}

function copterFromBelow({ body, dark, accent }: CraftColours, chance: Random): Shape {
  const arms = chance.pick([4, 4, 4, 6]);
  const reach = chance.between(34, 42);
  const blades = chance.between(14, 19);
  const flat = chance.between(0.45, 1);
  const tips = times(arms, (at) => {
    const angle = ((at + 0.5) * 2 * Math.PI) / arms;
    return [Math.cos(angle) * reach, Math.sin(angle) * reach * flat] as const;
  });
  return group([
    ...tips.map(([x, y]) => roundLine(0, 0, x, y, dark, 4.5)),
    ...tips.map(([x, y]) =>
      ellipse(x, y, blades, blades * flat, { ...veil(dark, 0.45), stroke: dark, width: 1 }),
    ),
    ...tips.map(([x, y]) => ellipse(x, y, 3.5, 3.5 * flat, dark)),
    ellipse(0, 0, 14, 11 * Math.max(flat, 0.6), body),
    ellipse(3, 2, 4, 3.5, accent),
  ]);
}

function flapping({ body, dark }: CraftColours, chance: Random): Shape {
  const up = chance.between(-34, 22);
  const fold = chance.between(0.35, 0.7);
  const near = chance.between(40, 52);
  const wing = (side: 1 | -1) => {
    const [elbowX, elbowY] = [side * near * fold, up * 0.8];
    return polygon(
      body,
      side * 3,
      -2,
      elbowX,
      elbowY - 4,
      side * near,
      up * 0.75 + chance.between(2, 12),
      elbowX * 0.95,
      elbowY + 8,
      side * 4,
      7,
    );
  };
  return group([
    wing(-1),
    wing(1),
    ellipse(2, 2, 15, 5.5, dark),
    ellipse(16, -1, 5, 4.2, dark),
    polygon(dark, 19, -2, 27, 0, 19, 2),
    polygon(dark, -10, 0, -25, -3, -27, 4, -10, 5),
  ]);
}

/** Spread wings from below, or the arc of a far bird. */
function soaring({ body, dark }: CraftColours, chance: Random): Shape {
  const bend = chance.between(6, 26);
  if (chance.chance(0.4))
    return group([
      curve([-46, chance.between(-4, 4)], [-20, -bend], [0, 2], body, 5),
      curve([46, chance.between(-4, 4)], [20, -bend], [0, 2], body, 5),
      ellipse(0, 4, 5, 4, dark),
    ]);
  return group([
    polygon(body, -3, -8, -50, -bend, -54, -bend + 6, -30, 4, -3, 8),
    polygon(body, 3, -8, 50, -bend, 54, -bend + 6, 30, 4, 3, 8),
    ellipse(0, 2, 6, 17, dark),
    polygon(dark, -4, 15, -11, 30, 11, 30, 4, 15),
  ]);
}

function planeFromSide({ body, dark, accent }: CraftColours, chance: Random): Shape {
  const propeller = chance.chance(0.35);
  const tall = chance.between(8, 11);
  const fin = chance.between(17, 25);
  return group([
    polygon(accent, -36, -4, -52, -fin - 3, -41, -fin - 3, -22, -4),
    ellipse(0, 0, 54, tall * 0.75, body),
    polygon(dark, -30, 2, -48, 5, -44, 1),
    ...(propeller
      ? [
          rect(-14, -tall - 5, 40, 4, dark),
          ellipse(55, 0, 1.6, 16, veil(dark, 0.6)),
          line(6, 6, 4, 17, dark, 2),
          ellipse(4, 17, 4, 4, dark),
        ]
      : [polygon(dark, 12, 1, -20, 17, -29, 17, -10, 1), ellipse(-3, 10, 8, 3.4, dark)]),
    polygon(dark, 38, -3, 47, -3, 49, 0, 39, 0),
    ...times(7, (at) => rect(-24 + at * 8, -3, 3, 2.4, dark)),
  ]);
}

function planeFromBelow({ body, dark, accent }: CraftColours, chance: Random): Shape {
  const sweep = chance.between(8, 34);
  const span = chance.between(42, 54);
  const engines = chance.pick([1, 2]);
  return group([
    ...([1, -1] as const).flatMap((side) => [
      polygon(body, 14, side * 4, -4 - sweep, side * span, -13 - sweep, side * span, -12, side * 4),
      polygon(accent, -38, side * 3, -50, side * 19, -55, side * 19, -50, side * 3),
      ...times(engines, (at) => ellipse(4 - sweep * 0.3 * (at + 1), side * (15 + at * 14), 8, 3.4, dark)),
    ]),
    ellipse(0, 0, 56, 6.5, body),
    line(-50, 0, 44, 0, dark, 1.5),
  ]);
}

function helicopter({ body, dark, accent }: CraftColours, chance: Random): Shape {
  const tilt = chance.between(-4, 4);
  const rotor = chance.between(44, 58);
  const skids = chance.chance(0.7);
  return group([
    ellipse(4, -26, rotor, 2.4, veil(dark, chance.between(0.35, 0.75))),
    line(4, -26, 4, -14, dark, 4),
    polygon(body, -12, -8, -58, -9 + tilt, -58, -5 + tilt, -12, 6),
    polygon(body, -52, -8 + tilt, -64, -23 + tilt, -57, -23 + tilt, -46, -8 + tilt),
    ellipse(-60, -13 + tilt, 9, 9, veil(dark, 0.35)),
    ellipse(8, 0, 27, 15, body),
    polygon(accent, 14, -11, 32, -4, 34, 3, 16, 3),
    ...maybe(chance, 0.5, () => [rect(-10, 1, 26, 3, dark)]),
    ...(skids
      ? [
          line(-4, 13, -7, 22, dark, 2.4),
          line(17, 13, 20, 22, dark, 2.4),
          roundLine(-18, 22, 31, 22, dark, 2.8),
        ]
      : [ellipse(20, 15, 4, 4, dark), ellipse(-6, 15, 4, 4, dark)]),
  ]);
}
