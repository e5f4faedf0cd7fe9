import sharp from "sharp";
import { expect, test } from "vitest";
import { drawPlan } from "../blueprints/blueprints.ts";
import { styleOf } from "../blueprints/style.ts";
import { CLASSES as CRAFT, DRAW } from "../drones/craft.ts";
import { random } from "../random.ts";
import { type Mark, boxOf, moved, placed } from "./ink.ts";

const SIDE = 400;

/** Where ink really is, looked up pixel by pixel: half covered counts. */
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

/** By how many pixels a side of the box lies beside the ink's. */
async function deviation(mark: Mark, name: string): Promise<number> {
  const box = boxOf(name, mark, SIDE, SIDE)!;
  const ink = await inkOf(mark.svg);
  const sides = (of: typeof ink) => [of.x, of.y, of.x + of.width, of.y + of.height];
  return Math.max(...sides(ink).map((side, at) => Math.abs(side - sides(box)[at]!)));
}

test("a plan's boxes are where its ink is, turned or not, to the pixel", async () => {
  const chance = random("ink", 1);
  const seen = new Set<string>();
  for (let plan = 0; plan < 3; plan++) {
    // Opaque, so that white glass counts as drawn.
    const style = { ...styleOf(chance), wall: "#333", hatched: false, dashedSwing: false, furniture: "#fff" };
    const { floor, drawn } = drawPlan(style, chance);
    const scale = (SIDE * 0.55) / Math.max(floor.width, floor.height);
    const turn = placed(SIDE * 0.3, SIDE * 0.2, scale, plan * 7);
    for (const { class: name, mark } of drawn) {
      // A room is what its walls leave free.
      if (name === "room") continue;
      seen.add(name);
      expect(await deviation(moved(turn, mark), name), name).toBeLessThanOrEqual(1);
    }
  }
  expect(seen.size).toBeGreaterThanOrEqual(6);
});

test("what flies has boxes around all of it, however it is tilted", async () => {
  const chance = random("craft", 1);
  const shade = { body: "#444", dark: "#222", accent: "#c33" };
  for (const craft of CRAFT)
    for (let count = 0; count < 6; count++) {
      const mark = DRAW[craft](shade, chance);
      const tilt = placed(SIDE / 2, SIDE / 2, 2, chance.between(-30, 30), count % 2 === 0 ? 1 : -1);
      // A wing is so thin at its tip that the last pixels are hardly covered.
      const solid = { ...mark, svg: mark.svg.replaceAll(/ opacity="[\d.]+"/g, "") };
      expect(await deviation(moved(tilt, solid), craft), craft).toBeLessThanOrEqual(3);
    }
});

test("a box is cut off at the picture's edge, and nothing outside has one", () => {
  const square = {
    hull: [
      [-10, 5],
      [20, 5],
      [20, 30],
      [-10, 30],
    ] as [number, number][],
  };
  expect(boxOf("a", square, 100, 20)).toEqual({ class: "a", x: 0, y: 5, width: 20, height: 15 });
  expect(boxOf("a", square, 100, 6)).toBeUndefined();
});
