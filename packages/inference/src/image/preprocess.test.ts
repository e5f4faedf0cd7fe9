// Compares the fast decoder with libvips, and checks which images it decodes.
import sharp, { type JpegOptions } from "sharp";
import { describe, expect, test } from "vitest";
import { ImageInput } from "../package.ts";
import { decodeImage } from "./decode.ts";
import { readJpegHeader } from "./jpeg.ts";
import { createPreprocessor } from "./preprocess.ts";

const SIDE = 64;
/** Tensor values are levels from 0 to 255, and so are differences. */
const levels = { kind: "image", width: SIDE, height: SIDE, normalise: { scale: 1 } } as const;

/** Soft shapes with a little noise, like a photo. */
const raw = (width = SIDE, height = SIDE) =>
  Buffer.from(
    Array.from({ length: width * height * 3 }, (_, at) => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      const wave = Math.sin(x / (5 + (at % 3))) * 60 + Math.cos(y / 7 + (at % 3)) * 50;
      return Math.round(128 + wave + (Math.imul(at, 2_654_435_761) >>> 28));
    }),
  );
const picture = (width = SIDE, height = SIDE) =>
  sharp(raw(width, height), { raw: { width, height, channels: 3 } });

function preprocess(jpeg: Uint8Array, input: ImageInput): Float32Array {
  const header = readJpegHeader(jpeg);
  if (header.kind !== "simple") throw new Error(`the header is ${header.kind}`);
  const { tensor, write } = createPreprocessor(input);
  write({ type: header.grey ? "grey-jpeg" : "jpeg", data: jpeg, size: header.size }, 0);
  return tensor;
}

describe("decodes as libvips does, within 1.2 levels on average and 7 at most", () => {
  test.each<[string, JpegOptions]>([
    ["of quality 50", { quality: 50 }],
    ["of quality 75", { quality: 75 }],
    ["of quality 92", { quality: 92 }],
    ["with full color", { quality: 85, chromaSubsampling: "4:4:4" }],
    ["with optimized tables", { quality: 80, optimiseCoding: true, quantisationTable: 3 }],
  ])("a JPEG %s", async (_, options) => {
    const input = ImageInput.parse({ ...levels, layout: "NHWC" });
    const jpeg = await picture().jpeg(options).toBuffer();
    const { tint, mean, worst } = difference(
      preprocess(jpeg, input),
      (await decodeImage(jpeg, input)).pixels,
    );
    expect(tint).toBeLessThan(0.25);
    expect(mean).toBeLessThan(1.2);
    expect(worst).toBeLessThanOrEqual(7);
  });

  test("a gray JPEG", async () => {
    const input = ImageInput.parse({ ...levels, layout: "NHWC" });
    const jpeg = await picture().toColourspace("b-w").jpeg({ quality: 85 }).toBuffer();
    expect(readJpegHeader(jpeg)).toMatchObject({ grey: true });
    const { tint, mean, worst } = difference(
      preprocess(jpeg, input),
      (await decodeImage(jpeg, input)).pixels,
    );
    expect(tint).toBeLessThan(0.25);
    expect(mean).toBeLessThan(1.2);
    expect(worst).toBeLessThanOrEqual(7);
  });

  test("a gray image in a color JPEG, with less than a level of tint", async () => {
    const input = ImageInput.parse({ ...levels, layout: "NHWC" });
    const jpeg = await picture().greyscale().jpeg({ quality: 85 }).toBuffer();
    const { tint, mean, worst } = difference(
      preprocess(jpeg, input),
      (await decodeImage(jpeg, input)).pixels,
    );
    expect(tint).toBeLessThan(1);
    expect(mean).toBeLessThan(1.2);
    expect(worst).toBeLessThanOrEqual(7);
  });
});

/** In levels: the largest mean difference of a channel, the mean of all values, and the largest. */
function difference(drawn: Float32Array, pixels: Uint8Array) {
  const off = [...drawn].map((value, at) => value - pixels[at]!);
  const mean = (some: number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
  const tints = [0, 1, 2].map((channel) => Math.abs(mean(off.filter((_, at) => at % 3 === channel))));
  return { tint: Math.max(...tints), mean: mean(off.map(Math.abs)), worst: Math.max(...off.map(Math.abs)) };
}

test("writes a letterboxed image in the model's layout and channel order", async () => {
  const red = sharp({ create: { width: SIDE, height: SIDE / 2, channels: 3, background: "#ff0000" } });
  const jpeg = await red.jpeg({ quality: 90 }).toBuffer();
  const boxed = { ...levels, resize: "letterbox", pad: 114 } as const;
  const at = SIDE * (SIDE / 2) + 5;
  const planes = preprocess(jpeg, ImageInput.parse({ ...boxed, channels: "BGR" }));
  for (const [channel, value] of [0, 0, 255].entries()) {
    expect(Math.abs(planes[channel * SIDE * SIDE + at]! - value)).toBeLessThanOrEqual(3);
    expect(planes[channel * SIDE * SIDE]).toBe(114);
  }
  const pixels = preprocess(jpeg, ImageInput.parse({ ...boxed, layout: "NHWC" }));
  for (const [channel, value] of [255, 0, 0].entries()) {
    expect(Math.abs(pixels[at * 3 + channel]! - value)).toBeLessThanOrEqual(3);
    expect(pixels[channel]).toBe(114);
  }
});

test.each<[string, () => Promise<Buffer>]>([
  ["of a higher quality than the fast arithmetic", () => picture().jpeg({ quality: 95 }).toBuffer()],
  ["progressive", () => picture().jpeg({ progressive: true }).toBuffer()],
  ["CMYK", () => picture().toColourspace("cmyk").jpeg().toBuffer()],
  ["turned by EXIF", () => picture().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
  ["with a color profile", () => picture().withIccProfile("p3").jpeg().toBuffer()],
])("leaves an image that is %s to libvips", async (_, make) => {
  expect(readJpegHeader(await make())).toMatchObject({
    kind: "general",
    size: { width: SIDE, height: SIDE },
  });
});

test("throws for an image that is truncated or broken in the middle", async () => {
  const input = ImageInput.parse(levels);
  const jpeg = await picture().jpeg().toBuffer();
  expect(() => preprocess(jpeg.subarray(0, jpeg.length - 200), input)).toThrow(/an error or a warning/);
  const broken = Buffer.from(jpeg);
  broken.fill(0xff, jpeg.length - 300, jpeg.length - 100);
  expect(() => preprocess(broken, input)).toThrow(/an error or a warning/);
  // The next image decodes.
  expect(preprocess(jpeg, input)).toHaveLength(SIDE * SIDE * 3);
});
