import { expect, test } from "vitest";
import { SluiceError } from "../error/error.ts";
import { retryPolicy, withRetry } from "./retry.ts";

function fakeRuntime(chance = 1) {
  const slept: number[] = [];
  let clock = 0;
  const sleep = (ms: number) => {
    slept.push(ms);
    clock += ms;
    return Promise.resolve();
  };
  return { slept, now: () => clock, random: () => chance, print: () => {}, sleep };
}
const busy = () => Promise.reject(new SluiceError("ENDPOINT_THROTTLED", "busy"));

test("a transient error is retried after at most 1, 2 and 4 seconds, with full jitter", async () => {
  const runtime = fakeRuntime(0.5);
  await expect(withRetry(busy, retryPolicy({}), 60_000, runtime)).rejects.toMatchObject({
    code: "ENDPOINT_THROTTLED",
  });
  expect(runtime.slept).toEqual([500, 1_000, 2_000]);
});

test("a permanent error is not retried", async () => {
  const runtime = fakeRuntime();
  const broken = () => Promise.reject(new SluiceError("MODEL_FAILED", "no"));
  await expect(withRetry(broken, retryPolicy({}), 60_000, runtime)).rejects.toMatchObject({
    code: "MODEL_FAILED",
  });
  expect(runtime.slept).toEqual([]);
});

test("no retry waits beyond the deadline", async () => {
  const runtime = fakeRuntime();
  await expect(withRetry(busy, retryPolicy({}), 2_500, runtime)).rejects.toMatchObject({
    code: "ENDPOINT_THROTTLED",
  });
  expect(runtime.slept).toEqual([1_000]);
});

test("retries are configurable, and an invalid setting is an error with its name", () => {
  expect(retryPolicy({ SLUICE_RETRY_MAX: "0", SLUICE_RETRY_BASE_MS: "10" })).toEqual({
    retries: 0,
    baseMs: 10,
  });
  expect(() => retryPolicy({ SLUICE_RETRY_MAX: "many" })).toThrow(/SLUICE_RETRY_MAX is "many"/);
});
