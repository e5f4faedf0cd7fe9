// The plain decoder beside libvips: what it draws is the same picture, and what it may not draw it is not given.
import sharp, { type JpegOptions } from "sharp";
import { describe, expect, test } from "vitest";
import { ImageInput } from "../package.ts";
import { decode } from "./decode.ts";
import { drawer } from "./draw.ts";
import { jpegHead } from "./jpeg.ts";

const SIDE = 64;
/** Numbers are levels of 255 themselves, so that differences are too. */
const levels = { kind: "image", width: SIDE, height: SIDE, normalise: { scale: 1 } } as const;

/** Soft shapes with a little noise, as a photograph has. */
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

function draw(jpeg: Uint8Array, input: ImageInput): Float32Array {
  const head = jpegHead(jpeg)!;
  expect(head.plain).toBe(true);
  const { draw, tensor } = drawer(input);
  draw({ type: "jpeg", data: jpeg, grey: head.grey, size: head.size }, 0);
  return tensor;
}

describe("draws what libvips decodes: not lighter or darker, a level apart on the mean and seven at the most", () => {
  test.each<[string, JpegOptions]>([
    ["of quality 50", { quality: 50 }],
    ["of quality 75", { quality: 75 }],
    ["of quality 92", { quality: 92 }],
    ["with full colour", { quality: 85, chromaSubsampling: "4:4:4" }],
    ["with optimised tables", { quality: 80, optimiseCoding: true, quantisationTable: 3 }],
  ])("a JPEG %s", async (_, options) => {
    const input = ImageInput.parse({ ...levels, layout: "NHWC" });
    const jpeg = await picture().jpeg(options).toBuffer();
    const { tint, mean, worst } = apart(draw(jpeg, input), (await decode(jpeg, input)).pixels);
    expect(tint).toBeLessThan(0.25);
    expect(mean).toBeLessThan(1.2);
    expect(worst).toBeLessThanOrEqual(7);
  });

  test("a grey JPEG", async () => {
    const input = ImageInput.parse({ ...levels, layout: "NHWC" });
    const jpeg = await picture().toColourspace("b-w").jpeg({ quality: 85 }).toBuffer();
    expect(jpegHead(jpeg)).toMatchObject({ grey: true });
    const { tint, mean, worst } = apart(draw(jpeg, input), (await decode(jpeg, input)).pixels);
    expect(tint).toBeLessThan(0.25);
    expect(mean).toBeLessThan(1.2);
    expect(worst).toBeLessThanOrEqual(7);
  });

  test("a grey picture in a JPEG of colours, with less than a level of tint", async () => {
    const input = ImageInput.parse({ ...levels, layout: "NHWC" });
    const jpeg = await picture().greyscale().jpeg({ quality: 85 }).toBuffer();
    const { tint, mean, worst } = apart(draw(jpeg, input), (await decode(jpeg, input)).pixels);
    expect(tint).toBeLessThan(1);
    expect(mean).toBeLessThan(1.2);
    expect(worst).toBeLessThanOrEqual(7);
  });
});

/** In levels: of the channel that is furthest off on the mean, of all numbers on the mean, and of the worst. */
function apart(drawn: Float32Array, pixels: Uint8Array) {
  const off = [...drawn].map((value, at) => value - pixels[at]!);
  const mean = (some: number[]) => some.reduce((sum, one) => sum + one, 0) / some.length;
  const tints = [0, 1, 2].map((channel) => Math.abs(mean(off.filter((_, at) => at % 3 === channel))));
  return { tint: Math.max(...tints), mean: mean(off.map(Math.abs)), worst: Math.max(...off.map(Math.abs)) };
}

test("puts a letterboxed picture in its place, in the order of the model's planes and channels", async () => {
  const red = sharp({ create: { width: SIDE, height: SIDE / 2, channels: 3, background: "#ff0000" } });
  const jpeg = await red.jpeg({ quality: 90 }).toBuffer();
  const boxed = { ...levels, resize: "letterbox", pad: 114 } as const;
  const at = SIDE * (SIDE / 2) + 5;
  const planes = draw(jpeg, ImageInput.parse({ ...boxed, channels: "BGR" }));
  for (const [channel, value] of [0, 0, 255].entries()) {
    expect(Math.abs(planes[channel * SIDE * SIDE + at]! - value)).toBeLessThanOrEqual(3);
    expect(planes[channel * SIDE * SIDE]).toBe(114);
  }
  const pixels = draw(jpeg, ImageInput.parse({ ...boxed, layout: "NHWC" }));
  for (const [channel, value] of [255, 0, 0].entries()) {
    expect(Math.abs(pixels[at * 3 + channel]! - value)).toBeLessThanOrEqual(3);
    expect(pixels[channel]).toBe(114);
  }
});

test.each<[string, () => Promise<Buffer>]>([
  ["stored more finely than the quick arithmetic is", () => picture().jpeg({ quality: 95 }).toBuffer()],
  ["progressive", () => picture().jpeg({ progressive: true }).toBuffer()],
  ["CMYK", () => picture().toColourspace("cmyk").jpeg().toBuffer()],
  ["turned by EXIF", () => picture().withMetadata({ orientation: 6 }).jpeg().toBuffer()],
  ["with a colour profile", () => picture().withIccProfile("p3").jpeg().toBuffer()],
])("leaves to libvips a picture that is %s", async (_, make) => {
  expect(jpegHead(await make())).toMatchObject({ plain: false, size: { width: SIDE, height: SIDE } });
});

test("says so of a picture that is cut off or broken in the middle", async () => {
  const input = ImageInput.parse(levels);
  const jpeg = await picture().jpeg().toBuffer();
  expect(() => draw(jpeg.subarray(0, jpeg.length - 200), input)).toThrow(/against the bytes/);
  const broken = Buffer.from(jpeg);
  broken.fill(0xff, jpeg.length - 300, jpeg.length - 100);
  expect(() => draw(broken, input)).toThrow(/against the bytes/);
  // The next one is none the worse.
  expect(draw(jpeg, input)).toHaveLength(SIDE * SIDE * 3);
});
