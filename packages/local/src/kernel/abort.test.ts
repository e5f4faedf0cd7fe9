import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { raceAbort } from "./abort.ts";
import { delay, manualClock } from "./clock.ts";

const stopping = new AbortController();
const { signal } = stopping;
const listeners = () => getEventListeners(signal, "abort").length;

test("a delay that ended leaves no listener on its signal", async () => {
  const clock = manualClock();
  const waited = delay(clock, 1_000, signal);
  expect(listeners()).toBe(1);
  await clock.advance(1_000);
  await waited;
  expect(listeners()).toBe(0);
});

test("work that ended before the signal leaves no listener on it", async () => {
  const work = Promise.withResolvers<void>();
  const raced = raceAbort(work.promise, signal);
  expect(listeners()).toBe(1);
  work.resolve();
  await raced;
  expect(listeners()).toBe(0);
});

test("both end when the signal fires, and leave no listener", async () => {
  const waits = [delay(manualClock(), 1_000, signal), raceAbort(new Promise(() => {}), signal)];
  stopping.abort();
  await Promise.all(waits);
  expect(listeners()).toBe(0);
  await Promise.all([delay(manualClock(), 1_000, signal), raceAbort(new Promise(() => {}), signal)]);
});
