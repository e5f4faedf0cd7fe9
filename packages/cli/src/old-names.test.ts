import { expect, test } from "vitest";
import { replaceOldNames } from "./old-names.ts";

test.each([
  [
    "dataset generate cats --images=5",
    "datasets generate cats --samples=5",
    ["dataset is deprecated. Use datasets.", "--images is deprecated. Use --samples."],
  ],
  [
    "endpoint history cats --limit 1",
    "deployments list cats --limit 1",
    ["endpoint history is deprecated. Use deployments list."],
  ],
  [
    "endpoints benchmark cats 1.jpg --at-once 4",
    "endpoints benchmark cats 1.jpg --concurrency 4",
    ["--at-once is deprecated. Use --concurrency."],
  ],
  [
    "provision cats --model best.onnx",
    "provision cats --package best.onnx",
    ["--model is deprecated. Use --package."],
  ],
  [
    "reviews settle prd_1 --agree",
    "reviews resolve prd_1 --agree",
    ["reviews settle is deprecated. Use reviews resolve."],
  ],
  [
    "review settle prd_1 --agree",
    "reviews resolve prd_1 --agree",
    ["review settle is deprecated. Use reviews resolve."],
  ],
  ["redrive cats --no-wait", "redrive cats --detach", ["--no-wait is deprecated. Use --detach."]],
  ["datasets import photos --model cats", "datasets import photos --model cats", []],
  ["", "", []],
])("%s runs %s", (typed, current, expected) => {
  const warnings: string[] = [];
  const args = replaceOldNames(typed.split(" "), (text) => void warnings.push(text));
  expect([args.join(" "), warnings]).toEqual([current, expected]);
});
