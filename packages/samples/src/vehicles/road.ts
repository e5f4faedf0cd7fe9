// The street: sky, houses, trees, and a post before the camera.
import { type Canvas, cover } from "../toolkit/canvas.ts";
import { hsl, varied, tone } from "../toolkit/colour.ts";
import { timesBetween, maybe } from "../toolkit/random.ts";
import { type Shape, line, rect, ellipse } from "../toolkit/shapes.ts";

const SKIES = [hsl(205, 60, 80), hsl(215, 12, 72), hsl(28, 60, 78), hsl(225, 35, 35)];
const GROUNDS = [hsl(95, 35, 45), hsl(40, 30, 60), hsl(210, 6, 60)];
const TREE = hsl(120, 35, 32);

export function street(canvas: Canvas, road: number): Shape[] {
  const { width, height, chance } = canvas;
  const horizon = road - height * chance.between(0.12, 0.35);
  const tarmac = hsl(220, 5, chance.between(28, 50));
  return [
    cover(canvas, varied(chance.pick(SKIES), chance)),
    ...timesBetween(chance, 0, 5, () => {
      const size = chance.between(0.1, 0.28) * width;
      const wall = tone(chance.between(0, 360), 15, chance.between(35, 75));
      const x = chance.between(-0.1, 0.95) * width;
      return rect(x, horizon - size, size * chance.between(0.5, 1.1), size, wall);
    }),
    ...timesBetween(chance, 0, 4, () =>
      ellipse(
        chance.next() * width,
        horizon - chance.between(5, 25),
        chance.between(10, 35),
        chance.between(15, 40),
        varied(TREE, chance),
      ),
    ),
    rect(0, horizon, width, height, varied(chance.pick(GROUNDS), chance)),
    rect(0, road - height * 0.08, width, height, varied(tarmac, chance)),
    ...maybe(chance, 0.6, () => [
      line(0, road + height * 0.06, width, road + height * 0.06, "#eee", 3, "20 20"),
    ]),
  ];
}

export function post({ width, height, chance }: Canvas): Shape[] {
  if (!chance.chance(0.25)) return [];
  const x = chance.pick([chance.between(0, 0.25), chance.between(0.75, 0.95)]) * width;
  const fill = varied(hsl(30, 15, 30), chance);
  return [rect(x, height * 0.2, chance.between(4, 10), height, fill)];
}
