// The garden, and what sets its camera off when no cat does.
import { css, hsl, varied } from "../draw/colour.ts";
import { type Mark, curve, limb, line, oval, rect, shape } from "../draw/ink.ts";
import type { Canvas } from "../draw/scene.ts";
import type { Random } from "../random.ts";
import { some } from "../sample.ts";

const WALLS = [hsl(95, 30, 38), hsl(15, 30, 48), hsl(35, 20, 65), hsl(210, 15, 55)];
const FLOORS = [hsl(100, 40, 38), hsl(30, 15, 52)];
const BUSH = hsl(115, 35, 28);
const POT = hsl(14, 50, 45);
const GRASS = hsl(100, 45, 35);

export function garden({ width, height, chance }: Canvas): Mark[] {
  return [
    rect(0, 0, width, height, { fill: varied(chance.pick(WALLS), chance, 2) }),
    ...some(chance, 0, 5, () =>
      oval(
        chance.next() * width,
        height * chance.between(0.35, 0.6),
        chance.between(20, 60),
        chance.between(15, 45),
        { fill: varied(BUSH, chance, 2) },
      ),
    ),
    rect(0, height * chance.between(0.5, 0.65), width, height, {
      fill: varied(chance.pick(FLOORS), chance, 2),
    }),
    ...some(chance, 0, 2, () =>
      rect(chance.pick([0.03, 0.86]) * width, height * 0.55, chance.between(22, 40), chance.between(25, 45), {
        fill: varied(POT, chance, 2),
      }),
    ),
  ];
}

export const grass = ({ width, height, chance }: Canvas): Mark[] =>
  some(chance, 0, 25, () => {
    const x = chance.next() * width;
    const tip = height - chance.between(8, 32);
    return limb(x, height, x + chance.between(-6, 6), tip, varied(GRASS, chance, 2), 2);
  });

const VISITORS: ((tone: string, chance: Random) => Mark[])[] = [
  () => [],
  // A pigeon.
  (tone) => [
    oval(0, -26, 26, 17, { fill: tone }),
    oval(24, -46, 12, 11, { fill: tone }),
    shape(
      [
        [34, -47],
        [46, -43],
        [34, -41],
      ],
      { fill: "#e0a030" },
    ),
    limb(-4, -10, -4, 0, "#555", 3),
    limb(6, -10, 6, 0, "#555", 3),
    shape(
      [
        [-20, -30],
        [-52, -22],
        [-22, -20],
      ],
      { fill: tone },
    ),
  ],
  // A ball.
  (tone) => [oval(0, -22, 22, 22, { fill: tone }), curve([-22, -22], [0, -44], [22, -22], "#fff", 4)],
  // A crate.
  (tone) => [rect(-40, -42, 80, 42, { fill: tone }), rect(-40, -42, 80, 7, { fill: "rgba(0,0,0,.3)" })],
  // A hedgehog: of a cat's colours, low and without a neck.
  (_, chance) => [
    oval(0, -20, 34, 21, { fill: varied(hsl(28, 25, 26), chance) }),
    ...some(chance, 14, 22, () => {
      const x = chance.between(-26, 20);
      return line(x, -24, x - 6, -38 - chance.between(0, 8), "#2b211a", 2);
    }),
    shape(
      [
        [26, -22],
        [50, -12],
        [28, -6],
      ],
      { fill: varied(hsl(32, 35, 55), chance) },
    ),
    oval(48, -12, 3, 3, { fill: "#111" }),
  ],
];

export const visitor = (chance: Random): Mark[] =>
  chance.pick(VISITORS)(
    css(hsl(chance.between(0, 360), chance.between(5, 60), chance.between(20, 85))),
    chance,
  );
