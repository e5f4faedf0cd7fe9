// The caller's side of a worker: starts it, writes requests into its slots and reads the responses.
import { Worker } from "node:worker_threads";
import "./telemetry.ts";
import { InferenceError } from "../error.ts";
import { toPrediction } from "../output/prediction.ts";
import type { Feeds } from "./feeds.ts";
import type { BatchResult } from "./queue.ts";
import { createSignals, registerWorker, requestStop, unregisterWorker, wakeWorker } from "./signals.ts";
import { type Slot, createSlotMemory, openSlot } from "./slot.ts";
import type { WorkerData, WorkerReport } from "./worker.ts";
import { deserializeError } from "./worker-error.ts";

interface PendingRun {
  slot: Slot;
  resolve(result: BatchResult): void;
  reject(error: unknown): void;
}

export async function startWorker(
  options: Pick<WorkerData, "file" | "shareIn" | "threads" | "manifest">,
  capacity: number,
) {
  const slots = Array.from({ length: capacity }, createSlotMemory);
  const signals = createSignals();
  const workerData: WorkerData = { ...options, slots, signals };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { workerData, execArgv: [] });
  registerWorker(signals);
  /** In the order of their requests. */
  const pending: PendingRun[] = [];
  let dead: Error | undefined;
  const fail = (error: Error) => {
    unregisterWorker(signals);
    dead ??= error;
    // Messages may still arrive after the thread's end, when no run is pending any more.
    worker.removeAllListeners("message");
    for (const { reject } of pending.splice(0)) reject(dead);
  };
  worker.on("error", fail);
  const exited = new Promise<void>((resolve) => {
    worker.once("exit", (code) => {
      fail(new Error(`the model's thread ended with ${code}`));
      resolve();
    });
  });
  const report = await new Promise<WorkerReport>((resolve, reject) => {
    worker.once("message", resolve);
    void exited.then(() => reject(dead!));
  });
  if (report.kind === "failed") {
    await exited;
    throw new InferenceError(
      "PACKAGE_INVALID",
      422,
      `model.onnx cannot be loaded: ${report.reason}`,
      "Export the model again, with operators that ONNX Runtime's CPU provider supports.",
    );
  }

  const { file, inputs, outputs } = report;
  const names = inputs.map(({ name }) => name);
  const free = slots.map((memory) => openSlot(memory, names));
  worker.on("message", () => {
    const { slot, resolve, reject } = pending.shift()!;
    const response = slot.response.read();
    free.push(slot);
    if (response.kind === "error") reject(deserializeError(response.error));
    else
      resolve({
        outputs: response.outputs.map(({ prediction, measures }) => ({
          prediction: toPrediction(prediction, options.manifest),
          measures,
        })),
        times: response.times,
      });
  });

  return {
    /** The model file that was opened. */
    file,
    inputs,
    outputs,
    capacity,
    run: (requests: Feeds[]) =>
      new Promise<BatchResult>((resolve, reject) => {
        if (dead) return reject(dead);
        const [slot] = free as [Slot];
        slot.request.write(requests);
        free.shift();
        pending.push({ slot, resolve, reject });
        wakeWorker(signals);
      }),
    alive: () => dead === undefined,
    close() {
      requestStop(signals);
      return exited;
    },
  };
}
