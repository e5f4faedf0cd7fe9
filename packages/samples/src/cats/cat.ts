// Draws a cat, walking or sitting.
import { type Colour, varied } from "../toolkit/colour.ts";
import { type Random, times, maybe } from "../toolkit/random.ts";
import { type Shape, line, roundLine, ellipse, polygon, curve } from "../toolkit/shapes.ts";
import type { Coat } from "./coats.ts";

interface Body {
  x: number;
  y: number;
  rx: number;
  ry: number;
}

/** Varies a color a little for each part of the body. */
type Shade = (colour: Colour | undefined) => string;

export function cat(coat: Coat, chance: Random): Shape[] {
  const fur = varied(coat.base, chance);
  const shade: Shade = (colour) => (colour ? varied(colour, chance) : fur);
  return chance.chance(0.65) ? walking(coat, shade, chance) : sitting(coat, shade, chance);
}

function walking(coat: Coat, shade: Shade, chance: Random): Shape[] {
  const { build } = coat;
  const body = { x: 0, y: -62, rx: 58 * build, ry: 32 * build };
  const lift = chance.between(-22, 32);
  const head = { x: 62 * build + chance.between(-6, 6), y: -98 + chance.between(-12, 14) };
  return [
    curve(
      [-50 * build, -62],
      [-100 * build, -70 - lift],
      [-86 * build, -112 - lift],
      shade(coat.points),
      12 * build,
    ),
    ...[-42, -24, 26, 44].flatMap((x) => leg(x * build, -52, x * build + chance.between(-7, 7), coat, shade)),
    ellipse(body.x, body.y, body.rx, body.ry, shade(undefined)),
    ...markings(coat, shade, chance, body),
    ...headOf(coat, shade, chance, head),
  ];
}

function sitting(coat: Coat, shade: Shade, chance: Random): Shape[] {
  const { build } = coat;
  const body = { x: 0, y: -44 * build, rx: 36 * build, ry: 44 * build };
  const head = { x: 14 * build + chance.between(-4, 4), y: -104 * build + chance.between(-6, 6) };
  return [
    curve([-28 * build, -12], [-70 * build, -2], [-58 * build, -40 * build], shade(coat.points), 11 * build),
    ellipse(body.x, body.y, body.rx, body.ry, shade(undefined)),
    ...markings(coat, shade, chance, body),
    ...[14, 28].flatMap((x) => leg(x * build, -46 * build, x * build + chance.between(-3, 3), coat, shade)),
    ...headOf(coat, shade, chance, head),
  ];
}

function leg(x: number, hip: number, foot: number, coat: Coat, shade: Shade): Shape[] {
  const thick = 14 * coat.build;
  return [
    roundLine(x, hip, foot, -14, shade(undefined), thick),
    roundLine(foot, -18, foot + 2, -4, shade(coat.legs ?? coat.points), thick),
  ];
}

function headOf(coat: Coat, shade: Shade, chance: Random, { x, y }: { x: number; y: number }): Shape[] {
  const { build, ears, patches, stripes } = coat;
  const r = 27 * build;
  return [
    ...[-1, 1].map((side) =>
      polygon(
        shade(coat.points),
        x + side * 22 * build,
        y - 8,
        x + side * 17 * build,
        y - 20 - 24 * ears * build,
        x + side * 3 * build,
        y - 20 * build,
      ),
    ),
    ellipse(x, y, r, r * 0.92, shade(patches?.[1])),
    ...(patches ? [ellipse(x + 10, y - 4, r * 0.55, r * 0.7, shade(patches[0]))] : []),
    ellipse(x, y + 11 * build, 13 * build, 10 * build, shade(coat.muzzle ?? coat.points)),
    ...[-1, 1].flatMap((side) => [
      ellipse(x + side * 10 * build, y - 4, 5 * build, 5.5 * build, shade(coat.eyes)),
      ellipse(x + side * 10 * build, y - 4, 1.8, 4.5, "#111"),
    ]),
    polygon("#c77a7a", x - 4, y + 7, x + 4, y + 7, x, y + 12),
    ...(stripes
      ? [-8, 0, 8].map((at) => line(x + at, y - 24 * build, x + at, y - 13, shade(stripes), 3.5))
      : []),
    ...maybe(chance, 0.15, () => [
      line(
        x - r * 0.8,
        y + r * 0.8,
        x + r * 0.8,
        y + r * 0.85,
        shade({ hue: chance.between(0, 360), saturation: 70, light: 45 }),
        6,
      ),
    ]),
  ];
}

function markings({ stripes, spots, patches }: Coat, shade: Shade, chance: Random, body: Body): Shape[] {
  const on = (spread: number) => {
    const turn = chance.between(0, 2 * Math.PI);
    const far = Math.sqrt(chance.next()) * spread;
    return [body.x + Math.cos(turn) * far * body.rx, body.y + Math.sin(turn) * far * body.ry] as const;
  };
  if (stripes)
    return times(7, (at) => {
      const x = (at - 3) * body.rx * 0.25 + chance.between(-3, 3);
      const tall = body.ry * Math.sqrt(Math.max(0, 1 - (x / body.rx) ** 2)) * 0.85;
      return roundLine(body.x + x, body.y - tall, body.x + x + 6, body.y + tall * 0.5, shade(stripes), 6);
    });
  if (spots)
    return times(24, () => ellipse(...on(0.85), chance.between(4, 7), chance.between(3, 6), shade(spots)));
  if (patches)
    return times(5, (at) =>
      ellipse(...on(0.6), chance.between(12, 22), chance.between(9, 16), shade(patches[at % 2])),
    );
  return [];
}
