import sharp, { type Sharp } from "sharp";
import { expect, test } from "vitest";
import { measureImage } from "./image.ts";

const plain = (width: number, height: number, [red, green, blue]: readonly number[]) => {
  const pixels = new Uint8Array(width * height * 3);
  for (let at = 0; at < pixels.length; at += 3) pixels.set([red!, green!, blue!], at);
  return pixels;
};
const near = (value: number, expected: number, tolerance: number) => Math.abs(value - expected) <= tolerance;

/** The same measures as sums over all pixels, by the textbook. */
function textbook(pixels: Uint8Array, width: number, height: number) {
  const luma = (x: number, y: number) => {
    const at = (y * width + x) * 3;
    return (77 * pixels[at]! + 150 * pixels[at + 1]! + 29 * pixels[at + 2]!) / 256;
  };
  const values: number[] = [];
  const edges: number[] = [];
  for (let y = 1; y < height - 1; y++)
    for (let x = 1; x < width - 1; x++) {
      values.push(luma(x, y));
      edges.push(luma(x - 1, y) + luma(x + 1, y) + luma(x, y - 1) + luma(x, y + 1) - 4 * luma(x, y));
    }
  const mean = (all: number[]) => all.reduce((sum, value) => sum + value, 0) / all.length;
  const variance = (all: number[]) => {
    const middle = mean(all);
    return mean(all.map((value) => (value - middle) ** 2));
  };
  return { brightness: mean(values), contrast: Math.sqrt(variance(values)), sharpness: variance(edges) };
}

const noise = (length: number) => Uint8Array.from({ length }, (_, at) => (at * 7919 + (at >> 3) * 31) % 256);

test("a small image is measured at every inner pixel", () => {
  const pixels = noise(40 * 30 * 3);
  const found = measureImage(pixels, { width: 40, height: 30 });
  const known = textbook(pixels, 40, 30);
  expect(found.brightness).toBeCloseTo(known.brightness, 9);
  expect(found.contrast).toBeCloseTo(known.contrast, 9);
  expect(found.sharpness).toBeCloseTo(known.sharpness, 6);
});

test("a large image is sampled, close to all its pixels", async () => {
  const pixels = await sharp(noise(80 * 80 * 3), { raw: { width: 80, height: 80, channels: 3 } })
    .resize(640, 480)
    .raw()
    .toBuffer();
  const found = measureImage(pixels, { width: 640, height: 480 });
  const known = textbook(pixels, 640, 480);
  expect(near(found.brightness, known.brightness, 2)).toBe(true);
  expect(near(found.contrast, known.contrast, 2)).toBe(true);
  expect(near(found.sharpness / known.sharpness, 1, 0.15)).toBe(true);
});

test.each<[string, readonly number[], object]>([
  ["black", [0, 0, 0], { brightness: 0, saturation: 0 }],
  ["white", [255, 255, 255], { brightness: 255, saturation: 0 }],
  ["red", [255, 0, 0], { brightness: (77 * 255) / 256, saturation: 1 }],
  ["pale", [200, 150, 100], { saturation: 0.5 }],
])("a %s image has no contrast and no edges", (_, color, expected) => {
  const found = measureImage(plain(100, 50, color), { width: 100, height: 50 });
  expect(found).toMatchObject({ ...expected, contrast: 0, sharpness: 0 });
});

test("blur lowers sharpness, darkness brightness, gray saturation", async () => {
  const size = { width: 64, height: 64 };
  const image = sharp(noise(64 * 64 * 3), { raw: { ...size, channels: 3 } });
  const measure = async (changed: Sharp) => measureImage(await changed.raw().toBuffer(), size);
  const before = await measure(image.clone());
  expect((await measure(image.clone().blur(2))).sharpness).toBeLessThan(before.sharpness / 10);
  expect((await measure(image.clone().linear(0.4, 0))).brightness).toBeLessThan(before.brightness / 2);
  expect((await measure(image.clone().modulate({ saturation: 0.3 }))).saturation).toBeLessThan(
    before.saturation,
  );
});

test("noise is estimated beside edges, which are none", () => {
  const size = { width: 64, height: 64 };
  let state = 7;
  const random = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
  // The sum of 12 uniform numbers has a standard deviation of 1.
  const gauss = () => Array.from({ length: 12 }, () => random()).reduce((sum, value) => sum + value, -6);
  const measure = (deviation: number) => {
    const pixels = new Uint8Array(64 * 64 * 3);
    for (let at = 0; at < pixels.length; at += 3) {
      const value = ((at / 3) % 64 < 32 ? 90 : 160) + deviation * gauss();
      pixels.fill(Math.round(value), at, at + 3);
    }
    return measureImage(pixels, size);
  };
  expect(measure(0)).toMatchObject({ noise: 0 });
  for (const deviation of [4, 10]) expect(near(measure(deviation).noise / deviation, 1, 0.1)).toBe(true);
});

test("the grid has the luma of each eighth, black as -128", () => {
  const pixels = plain(16, 16, [0, 0, 0]);
  for (let y = 0; y < 16; y++) pixels.fill(255, y * 48 + 24, y * 48 + 48);
  const { grid } = measureImage(pixels, { width: 16, height: 16 });
  for (const [cell, value] of grid.entries()) expect(value).toBe(cell % 8 < 4 ? -128 : 127);
  expect(measureImage(plain(1, 2, [10, 10, 10]), { width: 1, height: 2 })).toMatchObject({
    brightness: 10,
    sharpness: 0,
    grid: Array(64).fill(-118),
  });
});
