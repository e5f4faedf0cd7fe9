import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { TrainingRequest } from "../request.ts";
import { resolveOptions } from "../resolve-options.ts";
import { stampFile } from "./environment.ts";
import { checkInstance } from "./resolve-options.ts";

const folder = mkdtempSync(path.join(tmpdir(), "sluice-torch-environment-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.unstubAllEnvs());

const resolve = (model: string, request: TrainingRequest = {}) =>
  resolveOptions(model, TrainingRequest.parse({ container: "torch", ...request }));

/** As in a function of the local cloud. */
function runLocally() {
  vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
  vi.stubEnv("SLUICE_TORCH", folder);
}

describe("a job of the container torch", () => {
  test.each(["drones", "vehicles", "compliance"])("trains %s", (model) => {
    expect(resolve(model)).toMatchObject({ container: "torch", hyperparameters: { model } });
  });

  test("has the declared options of the profile of its instance", () => {
    const { profile, notes, hyperparameters } = resolve("blueprints");
    expect({ profile, notes }).toEqual({
      profile: "gpu",
      notes: ["Profile gpu: ml.g4dn.xlarge has a GPU."],
    });
    expect(hyperparameters).toMatchObject({ profile: "gpu", size: "s", imageSize: "640", batchSize: "16" });
    const onCpu = resolve("blueprints", { instance: "ml.m5.xlarge", epochs: 7 });
    expect(onCpu).toMatchObject({
      profile: "cpu",
      hyperparameters: { profile: "cpu", size: "n", epochs: "7" },
    });
    expect(resolve("blueprints", { profile: "cpu" }).notes).toEqual(["Profile cpu: it was requested."]);
  });

  test("is refused on a GPU when the image is built for CPUs only", () => {
    expect(() => checkInstance("ml.g5.xlarge", false)).toThrow(
      expect.objectContaining({
        message:
          "instance: ml.g5.xlarge has a GPU, but the image of the container torch is built for CPUs only.",
        hint: expect.stringMatching(/ml\.m5\.xlarge.*deploy again/),
      }),
    );
    expect(() => checkInstance("ml.g5.xlarge", true)).not.toThrow();
    expect(() => checkInstance("ml.m5.xlarge", false)).not.toThrow();
  });

  test("has the profile cpu on this machine, whatever the declared instance", () => {
    runLocally();
    writeFileSync(stampFile(folder), "{}");
    expect(resolve("drones")).toMatchObject({ profile: "cpu", notes: [/this machine/] });
  });

  test("is refused on this machine before PyTorch is installed", () => {
    runLocally();
    rmSync(stampFile(folder), { force: true });
    expect(() => resolve("drones")).toThrow(
      expect.objectContaining({
        code: "TRAINER_UNAVAILABLE",
        message: expect.stringContaining("PyTorch is not installed"),
        hint: expect.stringContaining("npx sluice setup torch"),
      }),
    );
    expect(resolve("vehicles", { container: "probe" })).toMatchObject({ container: "probe" });
  });

  test.each<[TrainingRequest, object]>([
    [{ weights: "yolo11s" }, { detector: "anchor-free", size: "s" }],
    [{ detector: "yolov5m" }, { detector: "anchor-based", size: "m" }],
    [
      { weights: "yolov8n", size: "m" },
      { detector: "anchor-free", size: "m" },
    ],
    [
      { detector: "anchor-based", weights: "yolo11n" },
      { detector: "anchor-based", size: "n" },
    ],
  ])("reads the detector's name in %j, and says so", (request, named) => {
    const { hyperparameters, notes, startPoint } = resolve("drones", request);
    expect(hyperparameters).toMatchObject(named);
    expect(hyperparameters).not.toHaveProperty("weights");
    expect(startPoint).toBeUndefined();
    expect(notes).toContainEqual(expect.stringMatching(/selects Sluice's own .* detector of size/));
  });

  test.each([
    ["a version", "0a1b2c3d4e5f", "0a1b2c3d4e5f"],
    ["a checkpoint in S3", "s3://box/mine.safetensors", "s3://box/mine.safetensors"],
    ["nothing", "none", undefined],
  ])("starts from %s, which is a channel and no hyperparameter", (_, weights, startPoint) => {
    const resolved = resolve("drones", { weights });
    expect(resolved.startPoint).toBe(startPoint);
    expect(resolved.hyperparameters).not.toHaveProperty("weights");
  });

  test("starts from a base model in S3, or by its name", () => {
    expect(resolve("compliance", { baseModel: "s3://box/bert" })).toMatchObject({
      startPoint: "s3://box/bert/",
      hyperparameters: { baseModel: "s3://box/bert" },
    });
    const named = resolve("compliance", { baseModel: "owner/bert-tiny", trainableLayers: 0 });
    expect(named.startPoint).toBeUndefined();
    expect(named.hyperparameters).toMatchObject({ baseModel: "owner/bert-tiny", trainableLayers: "0" });
    expect(() => resolve("compliance", { baseModel: "s3://box/bert", weights: "latest" })).toThrow(
      /starts from one/,
    );
  });

  test("is told how many points int8 may lose", () => {
    expect(resolve("cats", { quantize: "int8" }).hyperparameters).toMatchObject({
      quantize: "int8",
      quantizeMaxLoss: "1",
    });
  });
});

describe("an option is refused", () => {
  test.each<[string, string, TrainingRequest]>([
    ["mosaic", "compliance", { mosaic: 0.5 }],
    ["detector", "vehicles", { detector: "anchor-free" }],
    ["baseModel", "drones", { baseModel: "bert" }],
    ["dropoutRate", "drones", { dropoutRate: 0.1 }],
    ["imageSize", "compliance", { imageSize: 320 }],
    ["weights", "vehicles", { container: "probe", weights: "latest" }],
    ["quantize", "compliance", { container: "probe", quantize: "int8" }],
  ])("by its name, %s for %s, where nothing reads it", (name, model, request) => {
    expect(() => resolve(model, request)).toThrow(
      expect.objectContaining({
        code: "INPUT_INVALID",
        message: expect.stringMatching(new RegExp(`^${name}: `)),
        hint: expect.stringContaining("It is used by"),
      }),
    );
  });

  test.each<[object, RegExp]>([
    [{ weights: "best.pt" }, /pickle file.*safetensors.*provision MODEL --package best.onnx.*weights/],
    [{ weights: "s3://box/pytorch_model.bin" }, /pickle/],
    [{ weights: "yolo11x" }, /must be `none`/],
    [{ weights: "s3://box/file.txt" }, /\.safetensors/],
    [{ detector: "yolo11l" }, /anchor-based/],
    [{ detector: "ssd" }, /anchor-free/],
    [{ imageSize: 100 }, /imageSize/],
    [{ baseModel: "../secrets" }, /baseModel/],
    [{ profile: "tpu" }, /profile/],
  ])("with a value that cannot be: %j", (request, problem) => {
    const parsed = TrainingRequest.safeParse(request);
    expect(JSON.stringify(parsed.error?.issues)).toMatch(problem);
  });
});
