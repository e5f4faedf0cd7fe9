import { defineModel, type Model } from "@sluice/models/index.ts";
import { describe, expect, test } from "vitest";
import type { Hosting } from "./deployment.ts";
import { hostingOf } from "./hosting.ts";
import { provision } from "./request.ts";

const declared = defineModel(import.meta.url, {
  name: "slow",
  task: "image-classification",
  classes: ["a", "b"],
}) as Model;

describe("A deployment request", () => {
  test.each<[Partial<Hosting>, RegExp, RegExp]>([
    [
      { target: "realtime", memory: 4096 },
      /^memory: .*realtime/,
      /use instance, or use the target serverless/,
    ],
    [{ target: "async", concurrency: 9 }, /^concurrency: .*async/, /serverless/],
    [
      { instance: "ml.m5.large" },
      /^instance: .*serverless/,
      /use memory or concurrency, .* realtime or async/,
    ],
    [{ target: "local", memory: 1024 }, /^memory: .*local/, /^Leave it out, or use the target serverless/],
  ])("rejects an option that its target ignores: %j", (options, message, hint) => {
    expect(() => hostingOf(declared, options)).toThrow(
      expect.objectContaining({
        code: "INPUT_INVALID",
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  test("rejects a misspelled option", async () => {
    const request = { model: "cats", memmory: 4096 };
    await expect(provision(request, "test", 0)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("memmory"),
    });
  });
});

test("an option of the target overrides the declaration", () => {
  expect(hostingOf(declared, { memory: 4096, concurrency: undefined })).toMatchObject({
    target: "serverless",
    memory: 4096,
    concurrency: 5,
  });
});
