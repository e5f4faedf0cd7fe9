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

describe("A request for a deployment is refused, by field, when it", () => {
  test.each<[Partial<Hosting>, RegExp, RegExp]>([
    [{ target: "realtime", memory: 4096 }, /^memory: .*realtime/, /say instance, or take .* serverless/],
    [{ target: "async", concurrency: 9 }, /^concurrency: .*async/, /serverless/],
    [
      { instance: "ml.m5.large" },
      /^instance: .*serverless/,
      /say memory or concurrency, .* realtime or async/,
    ],
    [{ target: "local", memory: 1024 }, /^memory: .*local/, /^Leave it out, or take .* serverless/],
  ])("says what its target has no use for: %j", (wanted, message, hint) => {
    expect(() => hostingOf(declared, wanted)).toThrow(
      expect.objectContaining({
        code: "INPUT_INVALID",
        message: expect.stringMatching(message),
        hint: expect.stringMatching(hint),
      }),
    );
  });

  test("misspells one", async () => {
    const wish = { model: "cats", memmory: 4096 };
    await expect(provision(wish, "test", 0)).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringContaining("memmory"),
    });
  });
});

test("what fits its target stands instead of the declaration", () => {
  expect(hostingOf(declared, { memory: 4096, concurrency: undefined })).toMatchObject({
    target: "serverless",
    memory: 4096,
    concurrency: 5,
  });
});
