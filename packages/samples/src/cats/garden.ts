// The garden, and visitors that are no cats.
import { type Canvas, cover } from "../toolkit/canvas.ts";
import { hsl, varied, tone } from "../toolkit/colour.ts";
import { type Random, timesBetween } from "../toolkit/random.ts";
import { type Shape, line, roundLine, rect, ellipse, polygon, curve } from "../toolkit/shapes.ts";

const WALLS = [hsl(95, 30, 38), hsl(15, 30, 48), hsl(35, 20, 65), hsl(210, 15, 55)];
const FLOORS = [hsl(100, 40, 38), hsl(30, 15, 52)];
const BUSH = hsl(115, 35, 28);
const POT = hsl(14, 50, 45);
const GRASS = hsl(100, 45, 35);

export function garden(canvas: Canvas): Shape[] {
  const { width, height, chance } = canvas;
  return [
    cover(canvas, varied(chance.pick(WALLS), chance, 2)),
    ...timesBetween(chance, 0, 5, () =>
      ellipse(
        chance.next() * width,
        height * chance.between(0.35, 0.6),
        chance.between(20, 60),
        chance.between(15, 45),
        varied(BUSH, chance, 2),
      ),
    ),
    rect(0, height * chance.between(0.5, 0.65), width, height, varied(chance.pick(FLOORS), chance, 2)),
    ...timesBetween(chance, 0, 2, () =>
      rect(
        chance.pick([0.03, 0.86]) * width,
        height * 0.55,
        chance.between(22, 40),
        chance.between(25, 45),
        varied(POT, chance, 2),
      ),
    ),
  ];
}

export const grass = ({ width, height, chance }: Canvas): Shape[] =>
  timesBetween(chance, 0, 25, () => {
    const x = chance.next() * width;
    const tip = height - chance.between(8, 32);
    return roundLine(x, height, x + chance.between(-6, 6), tip, varied(GRASS, chance, 2), 2);
  });

const VISITORS: ((tone: string, chance: Random) => Shape[])[] = [
  () => [],
  // A pigeon.
  (tone) => [
    ellipse(0, -26, 26, 17, tone),
    ellipse(24, -46, 12, 11, tone),
    polygon("#e0a030", 34, -47, 46, -43, 34, -41),
    roundLine(-4, -10, -4, 0, "#555", 3),
    roundLine(6, -10, 6, 0, "#555", 3),
    polygon(tone, -20, -30, -52, -22, -22, -20),
  ],
  // A ball.
  (tone) => [ellipse(0, -22, 22, 22, tone), curve([-22, -22], [0, -44], [22, -22], "#fff", 4)],
  // A crate.
  (tone) => [rect(-40, -42, 80, 42, tone), rect(-40, -42, 80, 7, "rgba(0,0,0,.3)")],
  // A hedgehog has a cat's colors.
  (_, chance) => [
    ellipse(0, -20, 34, 21, varied(hsl(28, 25, 26), chance)),
    ...timesBetween(chance, 14, 22, () => {
      const x = chance.between(-26, 20);
      return line(x, -24, x - 6, -38 - chance.between(0, 8), "#2b211a", 2);
    }),
    polygon(varied(hsl(32, 35, 55), chance), 26, -22, 50, -12, 28, -6),
    ellipse(48, -12, 3, 3, "#111"),
  ],
];

export const visitor = (chance: Random): Shape[] =>
  chance.pick(VISITORS)(tone(chance.between(0, 360), chance.between(5, 60), chance.between(20, 85)), chance);
