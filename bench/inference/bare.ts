// What the model alone can do: ONNX Runtime in a loop on one prepared tensor, as anybody would write it and in its best setting
// here.
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { quantile } from "../support/table.ts";
import type { BareData } from "./bare-worker.ts";

export interface Bare {
  setting: string;
  /** Inferences a second, of all loops together. */
  run(seconds: number): Promise<number>;
  close(): Promise<void>;
}

const CORES = availableParallelism();
const SETTINGS = [
  { setting: `one loop, ${CORES} threads`, loops: 1, chosen: { threads: CORES, spin: true } },
  {
    setting: `one loop, ${CORES} threads that do not spin`,
    loops: 1,
    chosen: { threads: CORES, spin: false },
  },
  {
    setting: `${CORES} loops side by side, 1 thread each`,
    loops: CORES,
    chosen: { threads: 1, spin: false },
  },
];
const TRIALS = 3;

export const plainBare = (model: string, side: number) => open({ model, side }, 1, "one loop, nothing set");

export async function bestBare(model: string, side: number, seconds: number): Promise<Bare> {
  const all = await Promise.all(
    SETTINGS.map(({ setting, loops, chosen }) => open({ model, side, chosen }, loops, setting)),
  );
  const speeds = all.map((): number[] => []);
  for (let trial = 0; trial < TRIALS; trial++)
    for (const [at, bare] of all.entries()) speeds[at]!.push(await bare.run(seconds));
  const medians = speeds.map((some) => quantile(some, 0.5));
  const best = medians.indexOf(Math.max(...medians));
  await Promise.all(all.filter((_, at) => at !== best).map((bare) => bare.close()));
  return all[best]!;
}

async function open(workerData: BareData, loops: number, setting: string): Promise<Bare> {
  const workers = Array.from(
    { length: loops },
    () => new Worker(new URL("./bare-worker.ts", import.meta.url), { workerData, execArgv: [] }),
  );
  const answer = async (worker: Worker) => ((await once(worker, "message")) as [number])[0];
  await Promise.all(workers.map(answer));
  return {
    setting,
    async run(seconds) {
      const answers = workers.map(answer);
      for (const worker of workers) worker.postMessage(seconds);
      return (await Promise.all(answers)).reduce((sum, one) => sum + one, 0);
    },
    close: async () => void (await Promise.all(workers.map((worker) => worker.terminate()))),
  };
}
