import { expect, test } from "vitest";
import { toSteps } from "./timing-steps.ts";

test("steps follow each other, and engine steps start with the endpoint call", () => {
  const timings = {
    totalMs: 100,
    fetchMs: 10,
    invokeMs: 60,
    storeMs: 5,
    engine: { decodeMs: 20, inferenceMs: 30 },
  };
  expect(toSteps(timings as never)).toEqual([
    { name: "S3 download", ms: 10, start: 0, inside: false },
    { name: "endpoint call", ms: 60, start: 10, inside: false },
    { name: "decode", ms: 20, start: 10, inside: true },
    { name: "inference", ms: 30, start: 30, inside: true },
    { name: "result upload", ms: 5, start: 70, inside: false },
  ]);
});

test("steps that were not measured are left out", () => {
  expect(toSteps({ totalMs: 3 } as never)).toEqual([]);
});
