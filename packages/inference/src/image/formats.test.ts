// Image formats, EXIF orientations and files that are not images.
import sharp, { type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import { decodeImage } from "./decode.ts";
import { ImageInput } from "../package.ts";

const SIDE = 16;
const input = { kind: "image" as const, width: SIDE, height: SIDE };
const raw = Buffer.from(Array.from({ length: SIDE * SIDE * 3 }, (_, at) => (at * 37 + (at >> 3) * 11) % 256));
const noise = () => sharp(raw, { raw: { width: SIDE, height: SIDE, channels: 3 } });

describe("an image results in the same prediction in any format", () => {
  const whole = ImageInput.parse({ ...input, kernel: "nearest" });
  const flat = { r: 200, g: 100, b: 40 };
  const plain = (channels: 3 | 4 = 3) =>
    sharp({ create: { width: 40, height: 30, channels, background: { ...flat, alpha: 1 } } });
  test.each<[string, () => Promise<Buffer>, number]>([
    ["png", () => plain().png().toBuffer(), 0],
    ["16-bit png", () => plain().toColourspace("rgb16").png().toBuffer(), 1],
    ["png with alpha", () => plain(4).png().toBuffer(), 0],
    ["png with a palette", () => plain().png({ palette: true }).toBuffer(), 6],
    ["progressive jpeg", () => plain().jpeg({ progressive: true, quality: 100 }).toBuffer(), 4],
    ["cmyk jpeg", () => plain().toColourspace("cmyk").jpeg({ quality: 100 }).toBuffer(), 60],
    ["webp", () => plain().webp({ lossless: true }).toBuffer(), 1],
    ["tiff", () => plain().tiff().toBuffer(), 6],
    ["gif", () => plain().gif().toBuffer(), 8],
  ])("%s", async (_, make, tolerance) => {
    const { pixels, geometry } = await decodeImage(await make(), whole);
    expect(pixels.length).toBe(SIDE * SIDE * 3);
    expect(geometry.source).toEqual({ width: 40, height: 30 });
    for (const [channel, value] of [flat.r, flat.g, flat.b].entries())
      expect(Math.abs(pixels[channel]! - value)).toBeLessThanOrEqual(tolerance);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("EXIF orientation %i is turned upright", async (orientation) => {
    // A wide image, red on its upright left half, stored as the orientation says.
    const wide = await sharp({ create: { width: 32, height: 16, channels: 3, background: "#0000ff" } })
      .composite([
        {
          input: await sharp({ create: { width: 16, height: 16, channels: 3, background: "#ff0000" } })
            .png()
            .toBuffer(),
          left: 0,
          top: 0,
        },
      ])
      .png()
      .toBuffer();
    const undo: Record<number, (image: Sharp) => Sharp> = {
      1: (image) => image,
      2: (image) => image.flop(),
      3: (image) => image.rotate(180),
      4: (image) => image.flip(),
      5: (image) => image.flop().rotate(-90),
      6: (image) => image.rotate(-90),
      7: (image) => image.flop().rotate(90),
      8: (image) => image.rotate(90),
    };
    const stored = await sharp(await undo[orientation]!(sharp(wide)).png().toBuffer())
      .withMetadata({ orientation })
      .jpeg({ quality: 100 })
      .toBuffer();
    const { pixels, geometry } = await decodeImage(stored, whole);
    expect(geometry.source).toEqual({ width: 32, height: 16 });
    const at = (x: number) => pixels.subarray((8 * SIDE + x) * 3, (8 * SIDE + x) * 3 + 3);
    expect(at(2)[0], "red on the left").toBeGreaterThan(200);
    expect(at(13)[2], "blue on the right").toBeGreaterThan(200);
  });
});

describe("anything but an image is refused with a reason", () => {
  const small = ImageInput.parse(input);
  const refused = (bytes: Uint8Array, limits?: { maxPixels: number; timeoutSeconds: number }) =>
    decodeImage(bytes, small, limits).then(
      () => undefined,
      (error: unknown) => error,
    );

  test("another file type, even one that libvips can decode", async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    expect(await refused(svg)).toMatchObject({ code: "IMAGE_UNREADABLE", status: 400 });
  });

  test("a truncated jpeg", async () => {
    const whole = await noise().resize(300, 300).jpeg().toBuffer();
    expect(await refused(whole.subarray(0, whole.length >> 1))).toMatchObject({ code: "IMAGE_UNREADABLE" });
  });

  test("an image with too many pixels, before it is decoded", async () => {
    const wide = await sharp({ create: { width: 3000, height: 10, channels: 3, background: "#fff" } })
      .png()
      .toBuffer();
    expect(await refused(wide, { maxPixels: 20_000, timeoutSeconds: 5 })).toMatchObject({
      code: "IMAGE_TOO_LARGE",
      status: 413,
    });
  });
});
