import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { readJpegHeader } from "./jpeg.ts";

const plain = (options = {}) =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: "#3377aa" } }).jpeg(options);

function jpegSize(bytes: Uint8Array) {
  const header = readJpegHeader(bytes);
  return header.kind === "unknown" ? undefined : header.size;
}

describe("returns the size that the decoder returns", () => {
  test.each([1, 2, 3, 4, 5, 6, 7, 8])("EXIF orientation %i", async (orientation) => {
    const bytes = await plain().withMetadata({ orientation }).toBuffer();
    const { autoOrient } = await sharp(bytes).metadata();
    expect(jpegSize(bytes)).toEqual(autoOrient);
  });

  test("no EXIF, progressive, CMYK", async () => {
    expect(jpegSize(await plain().toBuffer())).toEqual({ width: 40, height: 30 });
    expect(jpegSize(await plain({ progressive: true }).toBuffer())).toEqual({ width: 40, height: 30 });
    const cmyk = await plain().toColourspace("cmyk").toBuffer();
    expect(jpegSize(cmyk)).toEqual({ width: 40, height: 30 });
  });

  test.each<[string, (entry: DataView) => void]>([
    ["II", (entry) => littleEndian(entry)],
    ["MM", (entry) => bigEndian(entry)],
  ])("EXIF in the byte order %s", async (_, write) => {
    const exif = Buffer.alloc(6 + 8 + 2 + 12 + 4);
    exif.write("Exif\0\0", "latin1");
    write(new DataView(exif.buffer, exif.byteOffset + 6, exif.length - 6));
    const bytes = withSegment(await plain().toBuffer(), exif);
    expect((await sharp(bytes).metadata()).autoOrient).toEqual({ width: 30, height: 40 });
    expect(jpegSize(bytes)).toEqual({ width: 30, height: 40 });
  });
});

test("returns nothing for broken headers, and never throws", async () => {
  const bytes = await plain().withMetadata({ orientation: 6 }).toBuffer();
  for (let length = 0; length < 120; length++) jpegSize(bytes.subarray(0, length));
  for (let at = 2; at < bytes.length; at++) {
    const broken = Buffer.from(bytes);
    broken[at] = 255 - broken[at]!;
    jpegSize(broken);
  }
  expect(jpegSize(bytes.subarray(0, 60))).toBeUndefined();
  expect(
    jpegSize(withSegment(bytes, Buffer.from("Exif\0\0MM\0*\xff\xff\xff\xff", "latin1"))),
  ).toBeUndefined();
});

function withSegment(jpeg: Buffer, body: Buffer): Buffer {
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, body, jpeg.subarray(2)]);
}

const littleEndian = (view: DataView) => directory(view, 0x4949, true);
const bigEndian = (view: DataView) => directory(view, 0x4d4d, false);

/** One entry: orientation 6, turned a quarter. */
function directory(view: DataView, order: number, little: boolean) {
  view.setUint16(0, order);
  view.setUint16(2, 42, little);
  view.setUint32(4, 8, little);
  view.setUint16(8, 1, little);
  view.setUint16(10, 0x0112, little);
  view.setUint16(12, 3, little);
  view.setUint32(14, 1, little);
  view.setUint16(18, 6, little);
}
