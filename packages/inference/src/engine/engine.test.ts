import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import ort from "onnxruntime-node";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Engine, loadEngine } from "./engine.ts";
import { graphBuilder } from "../onnx/graph.ts";
import { MODEL_FILE, type ManifestInput, parseManifest } from "../package.ts";

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
function tinyModel(embedding?: string): Uint8Array {
  const graph = graphBuilder("tiny");
  const wave = (length: number) => Float32Array.from({ length }, (_, at) => Math.sin(at * 1.7) * 0.4);
  const pixels = graph.input("pixels", ["N", 3, SIDE, SIDE]);
  const edges = graph.node("Relu", [
    graph.node("Conv", [pixels, graph.weights("k", wave(8 * 27), [8, 3, 3, 3])]),
  ]);
  const pooled = graph.node("AveragePool", [edges], { kernel_shape: [7, 7], strides: [7, 7] });
  const flat = graph.node("Flatten", [pooled], { axis: 1 });
  const scores = graph.node("MatMul", [flat, graph.weights("w", wave(32 * 3), [32, 3])]);
  const others = embedding === undefined ? [] : [{ value: flat, name: embedding, shape: ["N", 32] }];
  return graph.finish(scores, "scores", ["N", 3], others);
}

let dir: string;
let engine: Engine;
beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-engine-"));
  await writeFile(path.join(dir, MODEL_FILE), tinyModel());
  await writeFile(path.join(dir, "sluice.json"), JSON.stringify(manifest));
  engine = await loadEngine(dir, { threads: 1 });
  await engine.warm();
});
afterAll(async () => {
  await engine.close();
  await rm(dir, { recursive: true, force: true });
});

/** A picture that is nowhere the same, at the model's own size so that no resizing blurs the comparison. */
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

test("a truncated JPEG is refused, and the others of its batch succeed", async () => {
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

test("500 JPEGs with changed, lost or repeated bytes are predicted or refused, and the next good one succeeds", async () => {
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
  const odd = await loadEngine(liar, { threads: 1 });
  for (let round = 0; round < 2; round++)
    expect(await odd.predict(await picture().png().toBuffer())).toMatchObject({
      predictions: [{}, {}, {}],
    });
  await odd.close();
  await rm(liar, { recursive: true });
});

test("closing waits for accepted requests", async () => {
  const short = await loadEngine(dir, { threads: 1 });
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
  const wide = await loadEngine(dir, { threads: 2, workers: 2 });
  const bytes = await picture().png().toBuffer();
  const { timing: _, ...one } = await engine.predict(bytes);
  for (const { timing: __, ...other } of await Promise.all(
    Array.from({ length: 6 }, () => wide.predict(bytes)),
  ))
    expect(other).toEqual(one);
  expect(wide.alive()).toBe(true);
  await wide.close();
});

describe("an invalid package is refused at load", () => {
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

  test("a model.onnx that is no model", async () => {
    const broken = await mkdtemp(path.join(tmpdir(), "sluice-broken-"));
    await writeFile(path.join(broken, MODEL_FILE), "not a model");
    await writeFile(path.join(broken, "sluice.json"), JSON.stringify(manifest));
    await expect(loadEngine(broken, { threads: 1 })).rejects.toMatchObject({ code: "PACKAGE_INVALID" });
    await rm(broken, { recursive: true });
  });
});
