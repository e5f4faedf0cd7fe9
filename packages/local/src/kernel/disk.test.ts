import { expect, test } from "vitest";
import { manualClock } from "./clock.ts";
import { retryingClock, retryOnStorageError } from "./disk.ts";
import { StorageError } from "./storage-error.ts";

const full = () => new StorageError("DISK_FULL", "full");

test("a timer's task is retried every second while the disk fails, and not after it is canceled", async () => {
  const clock = manualClock();
  const steady = retryingClock(clock);
  let tries = 0;
  let refusals = 2;
  const task = () => {
    tries++;
    if (refusals-- > 0) throw full();
  };
  steady.after(100, task);
  await clock.advance(100);
  expect(tries).toBe(1);
  await clock.advance(10_000);
  expect(tries).toBe(3);

  refusals = 1;
  const cancel = steady.after(100, task);
  await clock.advance(100);
  cancel();
  await clock.advance(10_000);
  expect(tries).toBe(4);
});

test("a timer's task that fails for another reason is not retried", async () => {
  const clock = manualClock();
  retryingClock(clock).after(0, () => {
    throw new TypeError("a defect");
  });
  await expect(clock.advance(0)).rejects.toThrow("a defect");
});

test("work is retried until the disk accepts it, or until its service stops", async () => {
  const clock = manualClock();
  let refusals = 2;
  let ended = false;
  const work = () => {
    if (refusals-- > 0) throw full();
    return "written";
  };
  const first = retryOnStorageError(clock, () => ended, work);
  await clock.advance(2_000);
  expect(await first).toBe("written");

  refusals = Infinity;
  const second = retryOnStorageError(clock, () => ended, work);
  second.catch(() => {});
  await clock.advance(5_000);
  ended = true;
  await clock.advance(1_000);
  await expect(second).rejects.toThrow("full");
  await expect(
    retryOnStorageError(
      clock,
      () => false,
      () => Promise.reject(new TypeError("a defect")),
    ),
  ).rejects.toThrow("a defect");
});
