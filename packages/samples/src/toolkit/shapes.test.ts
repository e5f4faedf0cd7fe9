import sharp from "sharp";
import { expect, test } from "vitest";
import { drawPlan } from "../blueprints/blueprints.ts";
import { randomStyle } from "../blueprints/style.ts";
import { CLASSES as CRAFT, DRAW } from "../drones/craft.ts";
import { random } from "./random.ts";
import type { Shape } from "./shapes.ts";
import { boundingBox, placement, transform } from "./transform.ts";

const SIDE = 400;

/** The bounding box of all pixels that are at least half covered. */
async function inkOf(svg: string) {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">${svg}</svg>`;
  const alpha = await sharp(Buffer.from(drawing)).ensureAlpha().extractChannel(3).raw().toBuffer();
  let [left, top, right, bottom] = [SIDE, SIDE, 0, 0];
  for (const [at, value] of alpha.entries()) {
    if (value < 100) continue;
    left = Math.min(left, at % SIDE);
    right = Math.max(right, (at % SIDE) + 1);
    top = Math.min(top, Math.floor(at / SIDE));
    bottom = Math.max(bottom, Math.floor(at / SIDE) + 1);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** The largest distance in pixels between a side of the box and the ink. */
async function deviation(shape: Shape, name: string): Promise<number> {
  const box = boundingBox(name, shape, SIDE, SIDE)!;
  const ink = await inkOf(shape.svg);
  const sides = (of: typeof ink) => [of.x, of.y, of.x + of.width, of.y + of.height];
  return Math.max(...sides(ink).map((side, at) => Math.abs(side - sides(box)[at]!)));
}

test("a plan's boxes match its ink to the pixel, also when it is rotated", async () => {
  const chance = random("ink", 1);
  const seen = new Set<string>();
  for (let plan = 0; plan < 3; plan++) {
    // Opaque, so that white glass counts as drawn.
    const style = {
      ...randomStyle(chance),
      wall: "#333",
      hatched: false,
      dashedSwing: false,
      furniture: "#fff",
    };
    const { floor, objects } = drawPlan(style, chance);
    const scale = (SIDE * 0.55) / Math.max(floor.width, floor.height);
    const turn = placement(SIDE * 0.3, SIDE * 0.2, scale, plan * 7);
    for (const { class: name, shape } of objects) {
      // A room is the space between its walls.
      if (name === "room") continue;
      seen.add(name);
      expect(await deviation(transform(turn, shape), name), name).toBeLessThanOrEqual(1);
    }
  }
  expect(seen.size).toBeGreaterThanOrEqual(6);
});

test("boxes of flying objects contain all their ink at any tilt", async () => {
  const chance = random("craft", 1);
  const shade = { body: "#444", dark: "#222", accent: "#c33" };
  for (const craft of CRAFT)
    for (let count = 0; count < 6; count++) {
      const drawn = DRAW[craft](shade, chance);
      const tilt = placement(SIDE / 2, SIDE / 2, 2, chance.between(-30, 30), count % 2 === 0 ? 1 : -1);
      // The tips of wings are thin: their last pixels are hardly covered.
      const solid = { ...drawn, svg: drawn.svg.replaceAll(/ opacity="[\d.]+"/g, "") };
      expect(await deviation(transform(tilt, solid), craft), craft).toBeLessThanOrEqual(3);
    }
});

test("a box is clipped to the image, and shapes outside have none", () => {
  const square = {
    hull: [
      [-10, 5],
      [20, 5],
      [20, 30],
      [-10, 30],
    ] as [number, number][],
  };
  expect(boundingBox("a", square, 100, 20)).toEqual({ class: "a", x: 0, y: 5, width: 20, height: 15 });
  expect(boundingBox("a", square, 100, 6)).toBeUndefined();
});
