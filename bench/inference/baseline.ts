// The baselines: ONNX Runtime in a loop on one prepared tensor, with default settings and with the best of three settings.
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { quantile } from "../support/table.ts";
import type { BaselineData } from "./baseline-worker.ts";

export interface Baseline {
  setting: string;
  /** Inferences per second, of all loops together. */
  run(seconds: number): Promise<number>;
  close(): Promise<void>;
}

const CORES = availableParallelism();
const SETTINGS = [
  { setting: `one loop, ${CORES} threads`, loops: 1, settings: { threads: CORES, spin: true } },
  {
    setting: `one loop, ${CORES} threads that do not spin`,
    loops: 1,
    settings: { threads: CORES, spin: false },
  },
  {
    setting: `${CORES} loops side by side, 1 thread each`,
    loops: CORES,
    settings: { threads: 1, spin: false },
  },
];
const TRIALS = 3;

export const plainBaseline = (model: string, side: number) =>
  open({ model, side }, 1, "one loop, nothing set");

export async function bestBaseline(model: string, side: number, seconds: number): Promise<Baseline> {
  const all = await Promise.all(
    SETTINGS.map(({ setting, loops, settings }) => open({ model, side, settings }, loops, setting)),
  );
  const speeds = all.map((): number[] => []);
  for (let trial = 0; trial < TRIALS; trial++)
    for (const [at, loop] of all.entries()) speeds[at]!.push(await loop.run(seconds));
  const medians = speeds.map((some) => quantile(some, 0.5));
  const best = medians.indexOf(Math.max(...medians));
  await Promise.all(all.filter((_, at) => at !== best).map((loop) => loop.close()));
  return all[best]!;
}

async function open(workerData: BaselineData, loops: number, setting: string): Promise<Baseline> {
  const workers = Array.from(
    { length: loops },
    () => new Worker(new URL("./baseline-worker.ts", import.meta.url), { workerData, execArgv: [] }),
  );
  const nextMessage = async (worker: Worker) => ((await once(worker, "message")) as [number])[0];
  await Promise.all(workers.map(nextMessage));
  return {
    setting,
    async run(seconds) {
      const speeds = workers.map(nextMessage);
      for (const worker of workers) worker.postMessage(seconds);
      return (await Promise.all(speeds)).reduce((sum, one) => sum + one, 0);
    },
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  };
}
