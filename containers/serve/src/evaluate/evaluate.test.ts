import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pack } from "@sluice/inference/archive.ts";
import { graphBuilder } from "@sluice/inference/onnx/graph.ts";
import type { ManifestInput } from "@sluice/inference/package.ts";
import type { Baseline } from "@sluice/statistics/window/baseline.ts";
import sharp from "sharp";
import { create } from "tar";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../../../../test/support/program.ts";

const PROGRAM = path.join(import.meta.dirname, "main.ts");
const SIDE = 16;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-evaluate-test-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const input = (...names: string[]) => path.join(dir, "processing/input", ...names);
const output = (name: string) => readFile(path.join(dir, "processing/output", name), "utf8");
const message = () => readFile(path.join(dir, "output/message"), "utf8");
const evaluated = async () => JSON.parse(await output("evaluation.json")) as Record<string, unknown>;
const predictions = async () =>
  (await output("predictions.jsonl"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { file: string });

async function write(file: string, content: string | Uint8Array) {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

async function packageOf(model: Uint8Array, manifest: Partial<ManifestInput>, channel = "package") {
  const image = { kind: "image", width: SIDE, height: SIDE } as const;
  const whole = { format: 1, model: "colours", version: "v1", input: image, ...manifest };
  await write(path.join(dir, "made/model.onnx"), model);
  await write(path.join(dir, "made/sluice.json"), JSON.stringify(whole));
  await mkdir(input(channel), { recursive: true });
  await pack(path.join(dir, "made"), input(channel, "model.tar.gz"));
}

const COLOURS = {
  task: "image-classification",
  classes: ["red", "blue"],
  output: { head: "softmax" },
} satisfies Partial<ManifestInput>;

/** Predicts the stronger of red and blue, with a lower confidence for a mixed color. */
async function colourModel(classes = COLOURS.classes, channel?: string) {
  const graph = graphBuilder("colours");
  const pixels = graph.input("pixels", ["N", 3, SIDE, SIDE]);
  const mean = graph.node("Flatten", [graph.node("GlobalAveragePool", [pixels])], { axis: 1 });
  const weights = graph.weights("w", Float32Array.of(4, 0, -4, -4, 0, 4), [2, 3]);
  const scores = graph.node("Gemm", [mean, weights], { transB: 1 });
  const onnx = graph.finish(graph.node("Softmax", [scores], { axis: 1 }), "p", ["N", 2]);
  await packageOf(onnx, { ...COLOURS, classes }, channel);
}

/** A detector with the same response for every image: a "spot" in the upper left quarter. */
async function spotModel() {
  const graph = graphBuilder("spot");
  const pixels = graph.input("pixels", [1, 3, SIDE, SIDE]);
  const nothing = graph.node("Mul", [
    graph.node("ReduceMean", [pixels], { axes: [1, 2, 3], keepdims: 0 }),
    graph.weights("zero", Float32Array.of(0), [1]),
  ]);
  // Center, size, score; a second box is sure enough for average precision only.
  const boxes = graph.weights("boxes", Float32Array.of(4, 12, 4, 12, 8, 8, 8, 8, 0.9, 0.1), [1, 5, 2]);
  await packageOf(graph.finish(graph.node("Add", [boxes, nothing]), "o", [1, 5, 2]), {
    task: "object-detection",
    classes: ["spot"],
    output: { head: "yolov8" },
  });
}

const picture = (colour: string) =>
  sharp({ create: { width: 32, height: 32, channels: 3, background: colour } })
    .png()
    .toBuffer();

async function dataset(lines: object[], description: object = {}) {
  await write(input("dataset/test.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  await write(input("dataset/dataset.json"), JSON.stringify({ id: "ds_1", ...description }));
}

test("a classifier is evaluated on the held-out files, and unreadable files are named", async () => {
  await colourModel();
  await dataset([
    { file: "data/red.png", label: "red" },
    { file: "data/blue.png", label: "blue", reviewed: true },
    { file: "data/purple.png", label: "blue", reviewed: true },
    { file: "data/broken.png", label: "red" },
    { file: "data/gone.png", label: "red" },
    { file: "data/green.png", label: "green" },
    { file: "../../package/model.tar.gz", label: "red" },
  ]);
  await write(input("test/data/red.png"), await picture("#f00"));
  await write(input("test/data/blue.png"), await picture("#00f"));
  await write(input("test/data/purple.png"), await picture("#a09"));
  await write(input("test/data/broken.png"), "no picture");
  const { code, log } = await runProgram(PROGRAM, dir);
  expect(log).toMatch(/evaluated=7; of=7;/);
  expect(code).toBe(0);
  expect(JSON.parse(await output("evaluation.json"))).toMatchObject({
    samples: 3,
    reviewed: { samples: 2, accuracy: 0.5 },
  });
  expect(JSON.parse(await output("baseline.json"))).toMatchObject({
    format: 1,
    model: "colours",
    version: "v1",
    source: "evaluation",
    temperature: expect.any(Number) as number,
    measured: { metric: "accuracy", value: 2 / 3, count: 3 },
    window: { count: 3, numbers: { brightness: {}, width: { min: 32, max: 32 } }, embeddings: { seen: 3 } },
  });
  expect(await evaluated()).toMatchObject({
    task: "image-classification",
    model: "colours",
    version: "v1",
    dataset: "ds_1",
    samples: 3,
    accuracy: 2 / 3,
    calibration: { temperature: expect.any(Number) as number },
    confusion: {
      classes: ["red", "blue"],
      rows: [
        [1, 0],
        [1, 1],
      ],
    },
    perClass: [
      { class: "red", recall: 1, support: 1 },
      { class: "blue", precision: 1 },
    ],
    unreadable: [
      { file: "data/broken.png", reason: expect.stringMatching(/cannot be read/) as string },
      { file: "data/gone.png", reason: "The file is missing." },
      { file: "data/green.png", reason: expect.stringMatching(/'green' is a class of neither/) as string },
      { file: "../../package/model.tar.gz", reason: expect.stringMatching(/is outside/) as string },
    ],
  });
  expect(await predictions()).toMatchObject([
    { file: "data/red.png", label: "red", answer: "red", right: true },
    { file: "data/blue.png" },
    { file: "data/purple.png", label: "blue", answer: "red", right: false },
  ]);
});

test("the serving package is evaluated on the same files; its errors do not fail the new package", async () => {
  await colourModel(["blue", "red"], "rival");
  await colourModel();
  await dataset([{ file: "data/red.png", label: "red" }]);
  await write(input("test/data/red.png"), await picture("#f00"));
  const env = { SLUICE_VERSION: "0a1b2c3d4e5f", SLUICE_RIVAL: "5f4e3d2c1b0a" };
  expect(await runProgram(PROGRAM, dir, { env })).toMatchObject({ code: 0 });
  expect(await evaluated()).toMatchObject({ version: env.SLUICE_VERSION, accuracy: 1 });
  const rival = { version: env.SLUICE_RIVAL, samples: 1, accuracy: 0 };
  expect(JSON.parse(await output("rival.json"))).toMatchObject(rival);

  await write(input("rival/model.tar.gz"), "no package");
  await rm(path.join(dir, "processing/output"), { recursive: true });
  const { code, log } = await runProgram(PROGRAM, dir);
  expect(code).toBe(0);
  expect(log).toContain("the serving package was not evaluated: PACKAGE_INVALID");
  expect(await evaluated()).toMatchObject({ accuracy: 1 });
  await expect(output("rival.json")).rejects.toThrow(/ENOENT/);
});

test("a detector is evaluated by mean average precision, and by precision and recall at the threshold", async () => {
  await spotModel();
  const box = (x: number, y: number) => ({ class: "spot", x, y, width: 16, height: 16 });
  await dataset([
    { file: "one.png", boxes: [box(0, 0)] },
    { file: "two.png", boxes: [box(0, 0), box(16, 16)] },
    { file: "none.png", boxes: [] },
  ]);
  for (const name of ["one", "two", "none"]) await write(input(`test/${name}.png`), await picture("#888"));
  const { code, log } = await runProgram(PROGRAM, dir);
  expect(code).toBe(0);
  expect(await evaluated()).toMatchObject({
    samples: 3,
    threshold: 0.25,
    precision: 2 / 3,
    recall: 2 / 3,
    perClass: [{ class: "spot", support: 3 }],
    confusion: {
      classes: ["spot", "background"],
      rows: [
        [2, 1],
        [1, 0],
      ],
    },
  });
  const { meanAveragePrecision } = (await evaluated()) as { meanAveragePrecision: { at50: number } };
  const baseline = JSON.parse(await output("baseline.json")) as Baseline;
  expect(baseline.measured).toEqual({ metric: "precision", value: 2 / 3, count: 3 });
  // An endpoint returns no box below the package's threshold.
  expect(baseline.window).toMatchObject({ numbers: { boxes: { min: 1, max: 1 } }, expected: { count: 3 } });
  // Surest first: right, right, false; then false, right, false. The third is found at a precision of 3 / 5.
  expect(meanAveragePrecision.at50).toBeCloseTo((67 + 34 * 0.6) / 101, 10);
  expect(log).toMatch(/evaluation:mAP50=0\.\d{4};/);
});

test("SAMPLES selects the same items for the same seed", async () => {
  await colourModel();
  const lines = Array.from({ length: 40 }, (_, at) => ({ file: `${at}.png`, label: "red" }));
  for (const { file } of lines) await write(input("test", file), await picture("#f00"));
  const chosen: string[][] = [];
  for (const seed of [1, 1, 2]) {
    await dataset(lines, { seed });
    expect((await runProgram(PROGRAM, dir, { env: { SAMPLES: "6" } })).code).toBe(0);
    chosen.push((await predictions()).map(({ file }) => file));
  }
  expect(chosen[0]).toHaveLength(6);
  expect(chosen[1]).toEqual(chosen[0]);
  expect(chosen[2]).not.toEqual(chosen[0]);
});

test.each<[string, () => Promise<unknown>, RegExp, Record<string, string>?]>([
  ["no package", () => rm(input("package"), { recursive: true }), /has no model.tar.gz/],
  [
    "a damaged package",
    () => write(input("package/model.tar.gz"), "nonsense"),
    /PACKAGE_INVALID: .* cannot be read as a tar.gz/,
  ],
  ["a package with a link that leaves it", linkingPackage, /PACKAGE_HOSTILE: .*SymbolicLink/],
  [
    "a model that is none",
    () => packageOf(Buffer.from("onnx"), COLOURS),
    /PACKAGE_INVALID: model.onnx cannot be loaded/,
  ],
  ["no held-out items", () => dataset([]), /has no held-out items/],
  ["a broken list", () => write(input("dataset/test.jsonl"), '{"label":1}'), /test.jsonl, line 1: file/],
  ["items of another task", () => dataset([{ file: "a.png", boxes: [] }]), /None of the 1 .* has no class/],
  ["samples that are no number", () => Promise.resolve(), /SAMPLES is 'few'/, { SAMPLES: "few" }],
])("%s fails the job with a reason", async (_, breakIt, reason, env = {}) => {
  await colourModel();
  await dataset([{ file: "a.png", label: "red" }]);
  await breakIt();
  const { code } = await runProgram(PROGRAM, dir, { env });
  expect(code).toBe(1);
  expect(await message()).toMatch(reason);
});

async function linkingPackage() {
  await symlink("/etc/passwd", path.join(dir, "model.onnx"));
  await create({ gzip: true, file: input("package/model.tar.gz"), cwd: dir }, ["model.onnx"]);
}
