import { expect, test } from "vitest";
import { defineModel } from "./define.ts";
import { needsCuda } from "./torch-image.ts";

const train = (training: object) =>
  defineModel("owls.ts", { name: "owls", task: "image-classification", classes: ["owl", "none"], training });

test.each([
  [{ container: "torch", instance: "ml.g4dn.xlarge" }, true],
  [{ container: "torch", instance: "ml.p3.2xlarge" }, true],
  [{ container: "torch", instance: "ml.m5.xlarge" }, false],
  [{ container: "builtin", instance: "ml.g4dn.xlarge" }, false],
])("the image of torch for %j has CUDA: %s", (training, cuda) => {
  expect(needsCuda([train({}), train(training)])).toBe(cuda);
});

test.each(["profiles", "quantize"])("a declaration has %s only for torch", (field) => {
  const value = field === "profiles" ? { cpu: { epochs: 3 } } : { format: "int8" };
  expect(() => train({ [field]: value })).toThrow(/only for the container `torch`.*Set `training.container`/);
  expect(train({ container: "torch", [field]: value }).training[field as "profiles"]).toBeDefined();
});
