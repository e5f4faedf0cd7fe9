import { expect, test } from "vitest";
import { SluiceError } from "../error/error.ts";
import { retryPolicy, withRetry } from "./retry.ts";

function surroundings(chance = 1) {
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

test("what may pass is tried again after at most 1, 2 and 4 seconds, with full jitter", async () => {
  const around = surroundings(0.5);
  await expect(withRetry(busy, retryPolicy({}), 60_000, around)).rejects.toMatchObject({
    code: "ENDPOINT_THROTTLED",
  });
  expect(around.slept).toEqual([500, 1_000, 2_000]);
});

test("what cannot pass is tried once", async () => {
  const around = surroundings();
  const broken = () => Promise.reject(new SluiceError("MODEL_FAILED", "no"));
  await expect(withRetry(broken, retryPolicy({}), 60_000, around)).rejects.toMatchObject({
    code: "MODEL_FAILED",
  });
  expect(around.slept).toEqual([]);
});

test("no wait goes beyond the deadline", async () => {
  const around = surroundings();
  await expect(withRetry(busy, retryPolicy({}), 2_500, around)).rejects.toMatchObject({
    code: "ENDPOINT_THROTTLED",
  });
  expect(around.slept).toEqual([1_000]);
});

test("retries and their first wait are configurable, and a wrong setting is named", () => {
  expect(retryPolicy({ SLUICE_RETRY_MAX: "0", SLUICE_RETRY_BASE_MS: "10" })).toEqual({
    retries: 0,
    baseMs: 10,
  });
  expect(() => retryPolicy({ SLUICE_RETRY_MAX: "many" })).toThrow(/SLUICE_RETRY_MAX is "many"/);
});
