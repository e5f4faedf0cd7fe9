// Compares decoded pixels with arithmetic. The PNGs are written here, so the expected values follow from the format alone.
import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { ImageInput } from "../package.ts";
import { decodeImage } from "./decode.ts";

const SIDE = 8;
const own = ImageInput.parse({ kind: "image", width: SIDE, height: SIDE });
const COLOUR = { grey: 0, rgb: 2, greyAlpha: 4, rgba: 6 } as const;
const CHANNELS = { grey: 1, rgb: 3, greyAlpha: 2, rgba: 4 } as const;
type Colour = keyof typeof COLOUR;

/** Samples by formula, spread over the whole range. */
const samples = (count: number, most: number) =>
  Array.from({ length: count }, (_, at) => (at * 7919 + (at >> 2) * 104_729) % (most + 1));

function png(colour: Colour, depth: 8 | 16, values: number[]): Buffer {
  const row = (SIDE * CHANNELS[colour] * depth) / 8;
  const lines = Buffer.alloc(SIDE * (row + 1));
  for (const [at, value] of values.entries()) {
    const byte = (at * depth) / 8;
    const place = Math.floor(byte / row) * (row + 1) + 1 + (byte % row);
    if (depth === 16) lines.writeUInt16BE(value, place);
    else lines[place] = value;
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIDE, 0);
  header.writeUInt32BE(SIDE, 4);
  header.set([depth, COLOUR[colour], 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(lines)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}

/** Eight-bit RGB over white. */
function expected(colour: Colour, depth: 8 | 16, values: number[]): number[] {
  const most = 2 ** depth - 1;
  const channels = CHANNELS[colour];
  const alpha = colour === "greyAlpha" || colour === "rgba";
  return Array.from({ length: SIDE * SIDE * 3 }, (_, at) => {
    const first = Math.floor(at / 3) * channels;
    const value = values[first + (channels < 3 ? 0 : at % 3)]! / most;
    const opaque = alpha ? values[first + channels - 1]! / most : 1;
    return 255 * (value * opaque + (1 - opaque));
  });
}

describe("each PNG type decodes to its RGB values, within 1 of 255", () => {
  test.each<[Colour, 8 | 16]>([
    ["grey", 8],
    ["rgb", 8],
    ["greyAlpha", 8],
    ["rgba", 8],
    ["grey", 16],
    ["rgb", 16],
    ["greyAlpha", 16],
    ["rgba", 16],
  ])("%s of %i bits", async (colour, depth) => {
    const values = samples(SIDE * SIDE * CHANNELS[colour], 2 ** depth - 1);
    const { pixels } = await decodeImage(png(colour, depth, values), own);
    const wanted = expected(colour, depth, values);
    expect(pixels.length).toBe(wanted.length);
    const worst = Math.max(...wanted.map((value, at) => Math.abs(value - pixels[at]!)));
    expect(worst).toBeLessThanOrEqual(1);
  });
});

/** One color throughout, uncompressed. */
function cmykTiff(amounts: number[]): Buffer {
  const [SHORT, LONG] = [3, 4];
  const entries = [
    [256, SHORT, 1, SIDE],
    [257, SHORT, 1, SIDE],
    [258, SHORT, 4, 8 + 2 + 9 * 12 + 4],
    [259, SHORT, 1, 1],
    [262, SHORT, 1, 5],
    [273, LONG, 1, 8 + 2 + 9 * 12 + 4 + 8],
    [277, SHORT, 1, 4],
    [278, SHORT, 1, SIDE],
    [279, LONG, 1, SIDE * SIDE * 4],
  ] as const;
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  for (const [at, [tag, type, count, value]] of entries.entries()) {
    const place = 2 + at * 12;
    directory.writeUInt16LE(tag, place);
    directory.writeUInt16LE(type, place + 2);
    directory.writeUInt32LE(count, place + 4);
    directory.writeUInt32LE(value, place + 8);
  }
  const bits = Buffer.from([8, 0, 8, 0, 8, 0, 8, 0]);
  const pixels = Buffer.from(Array.from({ length: SIDE * SIDE }, () => amounts).flat());
  return Buffer.concat([Buffer.from("II*\0\x08\0\0\0", "latin1"), directory, bits, pixels]);
}

test("CMYK: no ink is white, all ink is black, and each ink removes its color", async () => {
  const ink = async (...amounts: number[]) => {
    const bytes = cmykTiff(amounts);
    expect((await sharp(bytes).metadata()).space).toBe("cmyk");
    return [...(await decodeImage(bytes, own)).pixels.subarray(0, 3)] as [number, number, number];
  };
  for (const value of await ink(0, 0, 0, 0)) expect(value).toBeGreaterThan(250);
  for (const value of await ink(255, 255, 255, 255)) expect(value).toBeLessThan(30);
  const [cyan, magenta, yellow] = [await ink(255, 0, 0, 0), await ink(0, 255, 0, 0), await ink(0, 0, 255, 0)];
  expect(cyan[0]).toBeLessThan(Math.min(cyan[1], cyan[2]));
  expect(magenta[1]).toBeLessThan(Math.min(magenta[0], magenta[2]));
  expect(yellow[2]).toBeLessThan(Math.min(yellow[0], yellow[1]));
});

test("scaling down is a triangle-weighted mean, within 2 of 255", async () => {
  // Exactly this kernel down to a half; below that, libvips averages blocks of pixels first.
  const [from, to] = [24, 12];
  const values = samples(from, 255).map((value, at) => Math.round((value + at * 5) / 2) % 256);
  // The same column pattern in every row: what comes out depends on one axis alone.
  const raw = Buffer.from(
    Array.from({ length: from * from * 3 }, (_, at) => values[Math.floor(at / 3) % from]!),
  );
  const bytes = await sharp(raw, { raw: { width: from, height: from, channels: 3 } })
    .png()
    .toBuffer();
  const { pixels } = await decodeImage(bytes, ImageInput.parse({ kind: "image", width: to, height: to }));
  const scale = from / to;
  // Away from the edges, where the kernel would need pixels outside of the image.
  for (let out = 2; out < to - 2; out++) {
    const centre = (out + 0.5) * scale - 0.5;
    let [sum, weights] = [0, 0];
    for (let at = 0; at < from; at++) {
      const weight = Math.max(0, 1 - Math.abs(at - centre) / scale);
      sum += weight * values[at]!;
      weights += weight;
    }
    expect(Math.abs(pixels[out * 3]! - sum / weights), `column ${out}`).toBeLessThanOrEqual(2);
  }
});

test("letterbox and crop place the image as the geometry states", async () => {
  // Red left half, blue right half, twice as wide as high.
  const halves = await sharp({ create: { width: 64, height: 32, channels: 3, background: "#0000ff" } })
    .composite([
      {
        input: { create: { width: 32, height: 32, channels: 3, background: "#ff0000" } },
        left: 0,
        top: 0,
      },
    ])
    .png()
    .toBuffer();
  const square = { kind: "image", width: 16, height: 16 } as const;
  const boxed = await decodeImage(halves, ImageInput.parse({ ...square, resize: "letterbox" }));
  expect(boxed.geometry).toMatchObject({ visible: { width: 16, height: 8 }, place: { left: 0, top: 4 } });
  expect(boxed.pixels.length).toBe(16 * 8 * 3);
  const cropped = await decodeImage(halves, ImageInput.parse({ ...square, resize: "crop" }));
  expect(cropped.geometry).toMatchObject({ visible: { width: 16, height: 16 }, cut: { left: 8, top: 0 } });
  // The middle of the image is the middle of the crop.
  const at = (x: number) => [...cropped.pixels.subarray((8 * 16 + x) * 3, (8 * 16 + x) * 3 + 3)];
  expect(at(4)).toEqual([255, 0, 0]);
  expect(at(11)).toEqual([0, 0, 255]);
});

test.each(["gif", "webp"] as const)("the first frame of an animated %s is used", async (format) => {
  const frame = (red: number, blue: number) =>
    Buffer.from(Array.from({ length: SIDE * SIDE }, () => [red, 0, blue]).flat());
  const bytes = await sharp(Buffer.concat([frame(255, 0), frame(0, 255)]), {
    raw: { width: SIDE, height: SIDE * 2, channels: 3, pageHeight: SIDE },
  })
    [format]({ ...(format === "webp" && { lossless: true }) })
    .toBuffer();
  expect((await sharp(bytes).metadata()).pages).toBe(2);
  const { pixels, geometry } = await decodeImage(bytes, own);
  expect(geometry.source).toEqual({ width: SIDE, height: SIDE });
  expect([pixels[0], pixels[2]]).toEqual([255, 0]);
});

test("interlaced PNGs and progressive JPEGs decode like plain ones", async () => {
  const raw = Buffer.from(samples(32 * 32 * 3, 255));
  const picture = () => sharp(raw, { raw: { width: 32, height: 32, channels: 3 } });
  const whole = ImageInput.parse({ kind: "image", width: 32, height: 32 });
  const pixels = async (bytes: Buffer) => (await decodeImage(bytes, whole)).pixels;
  expect(await pixels(await picture().png({ progressive: true }).toBuffer())).toEqual(
    await pixels(await picture().png().toBuffer()),
  );
  expect(await pixels(await picture().jpeg({ progressive: true, quality: 95 }).toBuffer())).toEqual(
    await pixels(await picture().jpeg({ quality: 95 }).toBuffer()),
  );
});
