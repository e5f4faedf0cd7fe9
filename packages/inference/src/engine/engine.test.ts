import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import ort from "onnxruntime-node";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, load } from "./engine.ts";
import { decode } from "../image/decode.ts";
import { graphBuilder } from "../onnx/graph.ts";
import { ImageInput, MODEL_FILE, type ManifestInput, parseManifest } from "../package.ts";

const SIDE = 16;
const input = { kind: "image" as const, width: SIDE, height: SIDE };
const normalise = {
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406] as const,
  std: [0.229, 0.224, 0.225] as const,
};
const CLASSES = ["one", "two", "three"];

const manifest: ManifestInput = {
  format: 1,
  model: "tiny",
  version: "1",
  task: "image-classification",
  classes: CLASSES,
  input: {
    ...input,
    normalise: { scale: normalise.scale, mean: [...normalise.mean], std: [...normalise.std] },
  },
  output: { head: "logits" },
  maxBatch: 4,
};

/** A convolution, a pool and a linear layer with weights that any change of a pixel shows in. */
function tinyModel(): Uint8Array {
  const graph = graphBuilder("tiny");
  const wave = (length: number) => Float32Array.from({ length }, (_, at) => Math.sin(at * 1.7) * 0.4);
  const pixels = graph.input("pixels", ["N", 3, SIDE, SIDE]);
  const edges = graph.node("Relu", [
    graph.node("Conv", [pixels, graph.weights("k", wave(8 * 27), [8, 3, 3, 3])]),
  ]);
  const pooled = graph.node("AveragePool", [edges], { kernel_shape: [7, 7], strides: [7, 7] });
  const flat = graph.node("Flatten", [pooled], { axis: 1 });
  return graph.finish(graph.node("MatMul", [flat, graph.weights("w", wave(32 * 3), [32, 3])]), "scores", [
    "N",
    3,
  ]);
}

let dir: string;
let engine: Engine;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-engine-"));
  await writeFile(path.join(dir, MODEL_FILE), tinyModel());
  await writeFile(path.join(dir, "sluice.json"), JSON.stringify(manifest));
  engine = await load(dir, { threads: 1 });
  await engine.warm();
});
afterAll(async () => {
  await engine.close();
  await rm(dir, { recursive: true, force: true });
});

/** An image without repetitions, in the model's size, so that resizing does not affect the comparison. */
const raw = Buffer.from(Array.from({ length: SIDE * SIDE * 3 }, (_, at) => (at * 37 + (at >> 3) * 11) % 256));
const picture = () => sharp(raw, { raw: { width: SIDE, height: SIDE, channels: 3 } });

test("returns what ONNX Runtime returns for a tensor prepared by hand", async () => {
  const session = await ort.InferenceSession.create(path.join(dir, MODEL_FILE));
  const tensor = new Float32Array(3 * SIDE * SIDE);
  for (let channel = 0; channel < 3; channel++)
    for (let at = 0; at < SIDE * SIDE; at++)
      tensor[channel * SIDE * SIDE + at] =
        (raw[at * 3 + channel]! / 255 - normalise.mean[channel]!) / normalise.std[channel]!;
  const { scores } = await session.run({ pixels: new ort.Tensor("float32", tensor, [1, 3, SIDE, SIDE]) });
  const powers = Array.from(scores!.data as Float32Array, Math.exp);
  const total = powers.reduce((sum, value) => sum + value, 0);

  const answer = await engine.predict(await picture().png().toBuffer());
  if (answer.task === "object-detection") throw new Error("wrong task");
  for (const [at, name] of CLASSES.entries())
    expect(answer.predictions.find((one) => one.class === name)!.probability).toBeCloseTo(
      powers[at]! / total,
      5,
    );
  const order = answer.predictions.map(({ probability }) => probability);
  expect(order).toEqual(order.toSorted((a, b) => b - a));
  await session.release();
});

test("a simple JPEG results in the same prediction as its PNG, within a hundredth", async () => {
  const jpeg = await picture().jpeg({ quality: 92, chromaSubsampling: "4:4:4" }).toBuffer();
  const answer = await engine.predict(jpeg);
  const twin = await engine.predict(await sharp(jpeg).png().toBuffer());
  if (answer.task === "object-detection" || twin.task === "object-detection") throw new Error("wrong task");
  for (const { class: name, probability } of answer.predictions)
    expect(
      Math.abs(twin.predictions.find((one) => one.class === name)!.probability - probability),
    ).toBeLessThan(0.01);
  expect(answer.timing.decodeMs).toBeGreaterThan(0);
});

test("a truncated JPEG is rejected, and the others of its batch succeed", async () => {
  const whole = await picture().jpeg({ quality: 80 }).toBuffer();
  const cut = whole.subarray(0, whole.length - 60);
  const asked = [whole, cut, whole, whole, cut, whole].map((bytes) =>
    engine.predict(bytes).then(
      ({ task }) => task as string,
      ({ code }: { code: string }) => code,
    ),
  );
  const [good, bad] = ["image-classification", "IMAGE_UNREADABLE"];
  expect(await Promise.all(asked)).toEqual([good, bad, good, good, bad, good]);
});

test("500 JPEGs with changed, lost or repeated bytes are predicted or rejected, and the next good one succeeds", async () => {
  const whole = await picture().jpeg({ quality: 85 }).toBuffer();
  let state = 20_261;
  const chance = (below: number) => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) % below;
  const ends = new Set<string>();
  for (let count = 0; count < 500; count++) {
    const broken = Buffer.from(whole);
    for (let change = chance(4); change >= 0; change--) broken[2 + chance(whole.length - 2)] = chance(256);
    const at = chance(whole.length);
    const bytes = [
      broken,
      broken.subarray(0, at),
      Buffer.concat([broken.subarray(0, at), broken.subarray(chance(whole.length))]),
    ][count % 3]!;
    ends.add(
      await engine.predict(bytes).then(
        ({ task }) => task as string,
        ({ code }: { code: string }) => code,
      ),
    );
  }
  const known = ["image-classification", "IMAGE_UNREADABLE", "IMAGE_TOO_LARGE", "BODY_EMPTY"];
  expect([...ends].filter((end) => !known.includes(end))).toEqual([]);
  expect(ends.size).toBeGreaterThan(1);
  expect(await engine.predict(whole)).toMatchObject({ task: "image-classification" });
});

test("concurrent requests return the same results as single ones", async () => {
  const pictures = await Promise.all(
    [10, 90, 170, 250].map((light) =>
      sharp({
        create: { width: SIDE, height: SIDE, channels: 3, background: { r: light, g: 255 - light, b: 60 } },
      })
        .png()
        .toBuffer(),
    ),
  );
  const alone = [];
  for (const one of pictures) alone.push(await engine.predict(one));
  const together = await Promise.all([...pictures, ...pictures].map((one) => engine.predict(one)));
  for (const [at, answer] of together.entries()) {
    const single = alone[at % 4]!;
    if (answer.task === "object-detection" || single.task === "object-detection")
      throw new Error("wrong task");
    for (const [rank, { class: name, probability }] of answer.predictions.entries()) {
      expect(name).toBe(single.predictions[rank]!.class);
      expect(probability).toBeCloseTo(single.predictions[rank]!.probability, 5);
    }
  }
});

test("a model may return another shape than it declares", async () => {
  const liar = await mkdtemp(path.join(tmpdir(), "sluice-shape-"));
  const graph = graphBuilder("liar");
  const pixels = graph.input("pixels", ["N", 3, SIDE, SIDE]);
  const mean = graph.node("Flatten", [graph.node("GlobalAveragePool", [pixels])], { axis: 1 });
  await writeFile(path.join(liar, MODEL_FILE), graph.finish(mean, "scores", ["N", 5]));
  await writeFile(path.join(liar, "sluice.json"), JSON.stringify(manifest));
  const odd = await load(liar, { threads: 1 });
  for (let round = 0; round < 2; round++)
    expect(await odd.predict(await picture().png().toBuffer())).toMatchObject({
      predictions: [{}, {}, {}],
    });
  await odd.close();
  await rm(liar, { recursive: true });
});

test("closing waits for accepted requests", async () => {
  const short = await load(dir, { threads: 1 });
  const bytes = await picture().png().toBuffer();
  const asked = Array.from({ length: 12 }, () => short.predict(bytes));
  const closed = short.close();
  await expect(short.predict(bytes)).rejects.toMatchObject({ code: "MODEL_NOT_LOADED" });
  await closed;
  expect((await Promise.all(asked)).map(({ task }) => task)).toEqual(
    Array.from({ length: 12 }, () => "image-classification"),
  );
});

test("several workers return the same results as one", async () => {
  const wide = await load(dir, { threads: 2, workers: 2 });
  const bytes = await picture().png().toBuffer();
  const { timing: _, ...one } = await engine.predict(bytes);
  for (const { timing: __, ...other } of await Promise.all(
    Array.from({ length: 6 }, () => wide.predict(bytes)),
  ))
    expect(other).toEqual(one);
  expect(wide.alive()).toBe(true);
  await wide.close();
});

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
    const { pixels, geometry } = await decode(await make(), whole);
    expect(pixels.length).toBe(SIDE * SIDE * 3);
    expect(geometry.source).toEqual({ width: 40, height: 30 });
    for (const [channel, value] of [flat.r, flat.g, flat.b].entries())
      expect(Math.abs(pixels[channel]! - value)).toBeLessThanOrEqual(tolerance);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("EXIF orientation %i is turned upright", async (orientation) => {
    // A wide image, red on its upright left half, stored as its orientation requires.
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
    const { pixels, geometry } = await decode(stored, whole);
    expect(geometry.source).toEqual({ width: 32, height: 16 });
    const at = (x: number) => pixels.subarray((8 * SIDE + x) * 3, (8 * SIDE + x) * 3 + 3);
    expect(at(2)[0], "red on the left").toBeGreaterThan(200);
    expect(at(13)[2], "blue on the right").toBeGreaterThan(200);
  });
});

describe("a file that is not an image is rejected with a reason", () => {
  const small = ImageInput.parse(input);
  const refused = (bytes: Uint8Array, limits?: { maxPixels: number; timeoutSeconds: number }) =>
    decode(bytes, small, limits).then(
      () => undefined,
      (error: unknown) => error,
    );

  test("another file type, even one that libvips can decode", async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    expect(await refused(svg)).toMatchObject({ code: "IMAGE_UNREADABLE", status: 400 });
  });

  test("a truncated jpeg", async () => {
    const whole = await picture().resize(300, 300).jpeg().toBuffer();
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

describe("an invalid package is rejected at load", () => {
  test.each<[string, object, RegExp]>([
    ["a head of another task", { output: { head: "yolov8" } }, /output\.head/],
    ["an unknown field", { classen: [] }, /classen/],
    ["no classes", { classes: [] }, /classes/],
    ["a zero deviation", { input: { ...input, normalise: { std: [1, 0, 1] } } }, /zero/],
    [
      "a tensor larger than the limit",
      { maxBatch: 256, input: { ...input, width: 4096, height: 4096 } },
      /maxBatch/,
    ],
  ])("%s", (_, change, reason) => {
    expect(() => parseManifest(JSON.stringify({ ...manifest, ...change }))).toThrow(reason);
  });

  test("a model.onnx that is not a model", async () => {
    const broken = await mkdtemp(path.join(tmpdir(), "sluice-broken-"));
    await writeFile(path.join(broken, MODEL_FILE), "not a model");
    await writeFile(path.join(broken, "sluice.json"), JSON.stringify(manifest));
    await expect(load(broken, { threads: 1 })).rejects.toMatchObject({ code: "PACKAGE_INVALID" });
    await rm(broken, { recursive: true });
  });
});
