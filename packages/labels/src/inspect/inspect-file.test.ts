import sharp from "sharp";
import { expect, test } from "vitest";
import { inspectBytes, type FileInspection } from "./inspect-file.ts";
import { jpeg, plain, scene } from "./pictures.fixture.ts";

const picture = async (bytes: Buffer) => {
  const looked = await inspectBytes(bytes);
  if (looked.kind !== "image") throw new Error(JSON.stringify(looked));
  return looked;
};

const bits = (a: string, b: string) => {
  const differing = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  return differing.toString(2).replaceAll("0", "").length;
};

test("brightness is the mean luma, and transparent pixels are white", async () => {
  expect((await picture(await plain(0))).brightness).toBe(0);
  expect((await picture(await plain(255))).brightness).toBe(255);
  expect((await picture(await plain(100))).brightness).toBeCloseTo(100, 0);
  const clear = await sharp({
    create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
  })
    .png()
    .toBuffer();
  expect((await picture(clear)).brightness).toBe(255);
});

test("a blurred image has a lower variance than the sharp one", async () => {
  const sharpOne = await scene(1, { width: 640, height: 480 });
  const blurred = await sharp(sharpOne).blur(6).png().toBuffer();
  expect((await picture(blurred)).blur).toBeLessThan((await picture(sharpOne)).blur / 10);
});

test("scaled, recompressed and brightened variants have similar hashes, other images do not", async () => {
  const original = await scene(1);
  const { hash } = await picture(original);
  const variants = {
    scaled: await sharp(original).resize(97, 73).png().toBuffer(),
    recompressed: await jpeg(original, 40),
    brightened: await sharp(original).linear(0.9, 20).png().toBuffer(),
  };
  for (const [name, variant] of Object.entries(variants))
    expect(bits(hash, (await picture(variant)).hash), name).toBeLessThanOrEqual(6);
  const others = await Promise.all(
    [2, 3, 4, 5, 6, 7, 8, 9].map(async (seed) => (await picture(await scene(seed))).hash),
  );
  for (const other of others) expect(bits(hash, other)).toBeGreaterThan(12);
});

test("the size is that of the rotated image, and the time comes from EXIF", async () => {
  const turned = await sharp(await scene(1))
    .jpeg()
    .withExif({ IFD0: { Orientation: "6" }, IFD2: { DateTimeOriginal: "2026:01:02 03:04:05" } })
    .withMetadata({ orientation: 6 })
    .toBuffer();
  const { width, height, takenAt } = await picture(turned);
  expect([width, height]).toEqual([120, 160]);
  expect(new Date(takenAt!).toISOString()).toBe("2026-01-02T03:04:05.000Z");
});

test.each<[string, () => Promise<Uint8Array> | Uint8Array, Partial<FileInspection>]>([
  ["an empty file", () => new Uint8Array(), { code: "FILE_EMPTY" }],
  ["a truncated image", async () => (await scene(1)).subarray(0, 900), { code: "FILE_UNREADABLE" }],
  [
    "a truncated photograph",
    async () => (await jpeg(await scene(1))).subarray(0, 2_000),
    { code: "FILE_UNREADABLE" },
  ],
  [
    "an image with damaged pixels",
    async () => (await scene(1)).fill(7, 200, 700),
    { code: "FILE_UNREADABLE" },
  ],
  ["a million by a million pixels", async () => enlarged(await scene(1)), { code: "IMAGE_TOO_LARGE" }],
  ["a program", () => Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), { code: "FILE_TYPE_UNKNOWN" }],
])("%s is unreadable, with a reason", async (_kind, make, expected) => {
  expect(await inspectBytes(await make())).toMatchObject({
    kind: "unreadable",
    reason: expect.any(String),
    ...expected,
  });
});

test("texts have statistics in any language, and equal wording has an equal hash", async () => {
  const text = async (said: string) =>
    (await inspectBytes(Buffer.from(said))) as Extract<FileInspection, { kind: "text" }>;
  expect(await text("Grüße, 日本 😀\nzwei")).toMatchObject({
    kind: "text",
    characters: 16,
    words: 3,
    lines: 2,
  });
  const { sha256 } = await text("The goods  have arrived.\n");
  expect((await text("the goods have ARRIVED.")).sha256).toBe(sha256);
  expect((await text("The goods have not arrived.")).sha256).not.toBe(sha256);
});

function enlarged(png: Buffer) {
  png.writeUInt32BE(1_000_000, 16);
  png.writeUInt32BE(1_000_000, 20);
  return png;
}
