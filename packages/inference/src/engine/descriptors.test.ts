import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { graphBuilder } from "../onnx/graph.ts";
import { MODEL_FILE, type ManifestInput } from "../package.ts";
import { type Engine, loadEngine } from "./engine.ts";

const SIDE = 16;
const manifest: ManifestInput = {
  format: 1,
  model: "tiny",
  version: "1",
  task: "image-classification",
  classes: ["one", "two", "three"],
  input: { kind: "image", width: SIDE, height: SIDE },
  output: { head: "logits" },
  maxBatch: 4,
};

/** The mean color is the score, and the embedding. */
function meanModel(embedding?: string): Uint8Array {
  const graph = graphBuilder("mean");
  const pixels = graph.input("pixels", ["N", 3, SIDE, SIDE]);
  const mean = graph.node("Flatten", [graph.node("GlobalAveragePool", [pixels])], { axis: 1 });
  const others = embedding === undefined ? [] : [{ value: mean, name: embedding, shape: ["N", 3] }];
  return graph.finish(mean, "scores", ["N", 3], others);
}

let dir: string;
let engine: Engine | undefined;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-descriptors-"));
});
afterEach(async () => {
  await engine?.close();
  engine = undefined;
  await rm(dir, { recursive: true, force: true });
});

async function open(
  model: Uint8Array,
  change: Partial<ManifestInput> = {},
  files: Record<string, string> = {},
) {
  await writeFile(path.join(dir, MODEL_FILE), model);
  await writeFile(path.join(dir, "sluice.json"), JSON.stringify({ ...manifest, ...change }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(dir, name), text);
  engine = await loadEngine(dir, { threads: 1 });
  return engine;
}
const image = (red: number, green: number, blue: number, side = SIDE) =>
  sharp({ create: { width: side, height: side, channels: 3, background: { r: red, g: green, b: blue } } });
const bytesOf = (embedding: string) => [...new Int8Array(Buffer.from(embedding, "base64"))];

test("an image has measures of its pixels, and a grid of its light without an embedding of the model", async () => {
  const { predict } = await open(meanModel());
  const { descriptors } = await predict(await image(200, 100, 50, 40).png().toBuffer());
  const { embedding, ...measures } = descriptors;
  expect(measures).toEqual({
    width: 40,
    height: 40,
    brightness: 124.41,
    contrast: 0,
    sharpness: 0,
    noise: 0,
    saturation: 0.75,
  });
  expect(bytesOf(embedding)).toEqual(Array(64).fill(-4));
});

test("a JPEG for the fast decoder has the measures of its PNG", async () => {
  const { predict } = await open(meanModel());
  const gradient = Buffer.from(Array.from({ length: SIDE * SIDE * 3 }, (_, at) => (at / 3) % 255));
  const raw = { width: SIDE, height: SIDE, channels: 3 as const };
  const jpeg = await sharp(gradient, { raw }).jpeg({ quality: 90, chromaSubsampling: "4:4:4" }).toBuffer();
  const [fast, slow] = await Promise.all(
    [jpeg, await sharp(jpeg).png().toBuffer()].map(async (bytes) => (await predict(bytes)).descriptors),
  );
  if (!("brightness" in fast!) || !("brightness" in slow!)) throw new Error("no image");
  expect(Math.abs(fast.brightness - slow.brightness)).toBeLessThan(0.5);
  expect(Math.abs(fast.contrast - slow.contrast)).toBeLessThan(1);
});

test.each([
  ["embedding", {}],
  ["pooled", { embedding: "pooled" }],
])("the model's output `%s` is the embedding, of each image in a batch", async (name, named) => {
  const { predict } = await open(meanModel(name), { output: { head: "logits", ...named } });
  const colors: [number, number, number][] = [
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [0, 0, 255],
    [255, 0, 0],
    [0, 255, 255],
  ];
  const found = await Promise.all(
    colors.map(
      async (color) =>
        (
          await predict(
            await image(...color)
              .png()
              .toBuffer(),
          )
        ).descriptors,
    ),
  );
  const reach = (color: readonly number[]) => Math.round((127 * 255) / Math.hypot(...color));
  expect(found.map(({ embedding }) => bytesOf(embedding))).toEqual(
    colors.map((color) => color.map((value) => (value === 0 ? 0 : reach(color)))),
  );
});

test("a package that names an output which its model lacks is refused", async () => {
  await expect(open(meanModel(), { output: { head: "logits", embedding: "pooled" } })).rejects.toMatchObject({
    code: "PACKAGE_INVALID",
    message: expect.stringContaining("'pooled'"),
  });
});

test("a detector's boxes are measured", async () => {
  const graph = graphBuilder("box");
  const pixels = graph.input("pixels", [1, 3, SIDE, SIDE]);
  const nothing = graph.node("Mul", [
    graph.node("ReduceMean", [pixels], { keepdims: 0 }),
    graph.weights("zero", Float32Array.of(0), [1]),
  ]);
  const boxes = graph.weights("boxes", Float32Array.of(0, 0, 8, 8, 0.9, 0, 4, 4, 8, 8, 0.8, 1), [1, 2, 6]);
  const { predict } = await open(graph.finish(graph.node("Add", [boxes, nothing]), "o", [1, 2, 6]), {
    task: "object-detection",
    output: { head: "nms" },
    maxBatch: 1,
  });
  const { descriptors } = await predict(
    await image(10, 10, 10, 2 * SIDE)
      .png()
      .toBuffer(),
  );
  expect(descriptors).toMatchObject({ boxes: 2, meanBoxArea: 0.15625, smallestBoxArea: 0.0625 });
});

const vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "send", "the", "file"];

test("a text's tokens, unknown share and script, with an embedding of its tokens", async () => {
  const graph = graphBuilder("text");
  const ids = graph.input("input_ids", ["N", "T"], "int64");
  const numbers = graph.node("Cast", [ids], { to: 1 });
  const sum = graph.node("ReduceMean", [numbers], { axes: [1], keepdims: 1 });
  const { predict } = await open(
    graph.finish(graph.node("Concat", [sum, sum, sum], { axis: 1 }), "scores", ["N", 3]),
    { task: "text-classification", input: { kind: "text", tokenizer: { kind: "file", file: "vocab.txt" } } },
    { "vocab.txt": vocabulary.join("\n") },
  );
  const { descriptors } = await predict("send the grüße file");
  expect(descriptors).toMatchObject({ characters: 19, tokens: 4, unknownShare: 0.25, script: "Latin" });
  expect(bytesOf(descriptors.embedding)).toHaveLength(64);
  expect((await predict("file the grüße send")).descriptors.embedding).toBe(descriptors.embedding);
});

test("a text for a hashing tokenizer has its words as tokens, and no unknown share", async () => {
  const graph = graphBuilder("hash");
  const input = graph.input("features", ["N", 128]);
  const weights = graph.weights("w", new Float32Array(128 * 3).fill(0.1), [128, 3]);
  const { predict } = await open(graph.finish(graph.node("MatMul", [input, weights]), "scores", ["N", 3]), {
    task: "text-classification",
    input: { kind: "text", tokenizer: { kind: "hash", buckets: 128 } },
  });
  const { descriptors } = await predict("Send the file, now.");
  const { embedding, ...measures } = descriptors;
  expect(measures).toEqual({ characters: 19, tokens: 4, script: "Latin" });
  expect(bytesOf(embedding).some((byte) => byte !== 0)).toBe(true);
});
