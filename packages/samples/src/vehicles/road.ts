// The street: sky, houses, trees, and what stands before the camera.
import { css, hsl, varied } from "../draw/colour.ts";
import { type Mark, line, oval, rect } from "../draw/ink.ts";
import type { Canvas } from "../draw/scene.ts";
import { some } from "../sample.ts";

const SKIES = [hsl(205, 60, 80), hsl(215, 12, 72), hsl(28, 60, 78), hsl(225, 35, 35)];
const GROUNDS = [hsl(95, 35, 45), hsl(40, 30, 60), hsl(210, 6, 60)];
const TREE = hsl(120, 35, 32);

export function street({ width, height, chance }: Canvas, road: number): Mark[] {
  const horizon = road - height * chance.between(0.12, 0.35);
  const tarmac = hsl(220, 5, chance.between(28, 50));
  return [
    rect(0, 0, width, height, { fill: varied(chance.pick(SKIES), chance) }),
    ...some(chance, 0, 5, () => {
      const size = chance.between(0.1, 0.28) * width;
      const wall = css(hsl(chance.between(0, 360), 15, chance.between(35, 75)));
      const x = chance.between(-0.1, 0.95) * width;
      return rect(x, horizon - size, size * chance.between(0.5, 1.1), size, { fill: wall });
    }),
    ...some(chance, 0, 4, () =>
      oval(
        chance.next() * width,
        horizon - chance.between(5, 25),
        chance.between(10, 35),
        chance.between(15, 40),
        { fill: varied(TREE, chance) },
      ),
    ),
    rect(0, horizon, width, height, { fill: varied(chance.pick(GROUNDS), chance) }),
    rect(0, road - height * 0.08, width, height, { fill: varied(tarmac, chance) }),
    ...(chance.chance(0.6)
      ? [line(0, road + height * 0.06, width, road + height * 0.06, "#eee", 3, "20 20")]
      : []),
  ];
}

export function post({ width, height, chance }: Canvas): Mark[] {
  if (!chance.chance(0.25)) return [];
  const x = chance.pick([chance.between(0, 0.25), chance.between(0.75, 0.95)]) * width;
  const fill = varied(hsl(30, 15, 30), chance);
  return [rect(x, height * 0.2, chance.between(4, 10), height, { fill })];
}
