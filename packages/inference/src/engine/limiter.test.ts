import { expect, test } from "vitest";
import { createLimiter } from "./limiter.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("runs at most the limit in order, skips aborted tasks, and reports when it is idle", async () => {
  const { run, whenIdle } = createLimiter(2);
  const running: number[] = [];
  const finish: (() => void)[] = [];
  const gone = new AbortController();
  const start = (id: number, signal?: AbortSignal) =>
    run(() => {
      running.push(id);
      return new Promise<void>((resolve) => finish.push(resolve));
    }, signal);
  const all = [start(1), start(2), start(3, gone.signal), start(4)];
  const aborted = all[2]!.catch((error: Error) => error.message);
  gone.abort(new Error("gone"));
  await turn();
  expect(running).toEqual([1, 2]);
  finish[0]!();
  await turn();
  expect(running).toEqual([1, 2, 4]);
  const idle = whenIdle().then(() => "idle");
  finish[1]!();
  finish[2]!();
  expect(await idle).toBe("idle");
  await Promise.all([all[0], all[1], all[3]]);
  expect(await aborted).toBe("gone");
});
