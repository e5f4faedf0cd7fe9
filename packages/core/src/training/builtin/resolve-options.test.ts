import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { pointOf } from "../metric.ts";
import type { TrainingRequest } from "../request.ts";
import { resolveOptions } from "../resolve-options.ts";

beforeEach(() => void vi.stubEnv("AWS_REGION", "eu-central-1"));
afterEach(() => void vi.unstubAllEnvs());

const built = (more: TrainingRequest = {}, model = "vehicles") =>
  resolveOptions(model, { container: "builtin", ...more });
const own = "811284229777.dkr.ecr.us-east-1.amazonaws.com/image-classification:1";

describe("SageMaker's own image classification", () => {
  test("uses the image of the region, an instance with a GPU, and its own hyperparameters only", () => {
    expect(built()).toMatchObject({
      platform: "sagemaker",
      container: "builtin",
      image: "813361260812.dkr.ecr.eu-central-1.amazonaws.com/image-classification:1",
      instance: "ml.g4dn.xlarge",
      hyperparameters: { use_pretrained_model: "1", num_layers: "18", image_shape: "3,224,224" },
    });
    const { hyperparameters } = built({
      epochs: 5,
      learningRate: 0,
      batchSize: 64,
      patience: 3,
      minDelta: 0,
      hyperparameters: { num_layers: "50", optimizer: "adam" },
    } as TrainingRequest);
    expect(hyperparameters).toMatchObject({
      epochs: "5",
      learning_rate: "0",
      mini_batch_size: "64",
      early_stopping: "True",
      early_stopping_patience: "3",
      early_stopping_tolerance: "0",
      num_layers: "50",
      optimizer: "adam",
    });
    for (const ours of ["model", "task", "classes", "seed", "patience"])
      expect(hyperparameters).not.toHaveProperty(ours);
  });

  test("may be named by its URI; a repository of another account with that name is a custom image", () => {
    expect(resolveOptions("vehicles", { platform: own })).toMatchObject({
      platform: "image",
      container: "builtin",
      image: own,
    });
    const theirs = own.replace("811284229777", "123456789012");
    const settled = resolveOptions("vehicles", { platform: theirs });
    expect(settled).toMatchObject({ platform: "image", image: theirs, hyperparameters: { seed: "1" } });
    expect(settled.container).toBeUndefined();
  });

  test.each<[string, TrainingRequest, RegExp]>([
    ["on this machine", { platform: "local" }, /platform: .*runs on AWS only/],
    ["without a GPU", { instance: "ml.m5.xlarge" }, /instance: .*ml.m5.xlarge has none/],
    ["with an option that it does not have", { dropoutRate: 0 }, /dropoutRate: .*has no such option/],
    ["with a seed", { seed: 2 }, /seed: .*has no such option/],
    ["with a rate out of range", { learningRate: 2 }, /learning_rate/],
    ["with an unknown network", { hyperparameters: { num_layers: 19 } }, /num_layers: must be one of/],
    [
      "with a network without a pretrained model",
      { hyperparameters: { num_layers: 20 } },
      /no pretrained model/,
    ],
    ["with an unknown word", { hyperparameters: { layers: 18 } }, /layers/],
    ["for longer than SageMaker's limit", { maxRuntime: "30 days" }, /maxRuntime: .*28 days/],
  ])("is an error %s", (_, more, problem) => {
    expect(() => built(more)).toThrow(problem);
  });

  test("is an error for detectors and texts, and in a region without a known registry", () => {
    expect(() => built({}, "drones")).toThrow(/drones is declared object-detection/);
    vi.stubEnv("AWS_REGION", "mars-north-1");
    expect(() => built()).toThrow(/registry .* in mars-north-1 is not known/);
  });

  test("logs its metrics in its own lines, two per epoch", () => {
    const at = "2026-11-21T00:00:00.000Z";
    const line = (text: string) => pointOf(`[11/21/2026 10:00:00 INFO 1400] ${text}`, at);
    expect(line("Epoch[0] Train-accuracy=0.861979")).toEqual({
      at,
      epoch: 1,
      values: { "train:accuracy": 0.861979 },
    });
    expect(line("Epoch[4] Validation-accuracy=0.9")).toEqual({
      at,
      epoch: 5,
      values: { "validation:accuracy": 0.9 },
    });
    expect(line("Epoch[4] Batch [20]#011Speed: 3.5 samples/sec#011accuracy=0.5")).toBeUndefined();
    expect(line("Epoch[4] Time cost=12.5")).toBeUndefined();
  });
});
