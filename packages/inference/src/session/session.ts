// A loaded model on its own thread.
import { availableParallelism } from "node:os";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { InferenceError } from "../error.ts";
import type { LaneData, LaneReply, LaneRequest, Tensor, ValueInfo } from "./tensor.ts";

export interface Session {
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  run(feeds: Record<string, Tensor>, fetch: string): Promise<Tensor>;
  alive(): boolean;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** Cores one inference may use; the container's by default. */
  threads?: number;
  /**
   * Copies of the model that run side by side, each on its share of the threads. One answers a lone request soonest;
   * as many as cores answer the most requests a second, for their weights' memory each.
   */
  lanes?: number;
}

export async function openSession(
  model: string,
  { threads = availableParallelism(), lanes = 1 }: SessionOptions = {},
): Promise<Session> {
  const each = Math.max(1, Math.floor(threads / lanes));
  const opened = await Promise.allSettled(Array.from({ length: lanes }, () => openLane(model, each)));
  const all = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const failed = opened.find((one) => one.status === "rejected");
  if (failed) {
    await Promise.all(all.map((lane) => lane.close()));
    throw failed.reason as Error;
  }
  return {
    inputs: all[0]!.inputs,
    outputs: all[0]!.outputs,
    run: (feeds, fetch) =>
      all.reduce((least, lane) => (lane.waiting() < least.waiting() ? lane : least)).run(feeds, fetch),
    alive: () => all.every((lane) => lane.alive()),
    close: async () => void (await Promise.all(all.map((lane) => lane.close()))),
  };
}

async function openLane(model: string, threads: number): Promise<Session & { waiting(): number }> {
  const workerData: LaneData = { model, threads };
  const worker = new Worker(new URL("./lane.ts", import.meta.url), { workerData, execArgv: [] });
  const [first] = (await once(worker, "message")) as [LaneReply];
  if (!("inputs" in first)) {
    await worker.terminate();
    throw new InferenceError(
      "PACKAGE_INVALID",
      422,
      `model.onnx cannot be loaded: ${"failed" in first ? first.failed : "the model's thread answered out of turn"}`,
      "Export the model again, with operators ONNX Runtime's CPU provider knows.",
    );
  }

  const waiting = new Map<number, { resolve(tensor: Tensor): void; reject(error: Error): void }>();
  let next = 0;
  let dead: Error | undefined;
  const die = (error: Error) => {
    dead ??= error;
    for (const { reject } of waiting.values()) reject(dead);
    waiting.clear();
  };
  worker.on("error", die);
  worker.on("exit", (code) => die(new Error(`the model's thread ended with ${code}`)));
  worker.on("message", (reply: LaneReply) => {
    if (!("id" in reply)) return;
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("error" in reply) caller?.reject(new Error(reply.error));
    else caller?.resolve(reply.output);
  });

  return {
    inputs: first.inputs,
    outputs: first.outputs,
    run(feeds, fetch) {
      if (dead) return Promise.reject(dead);
      const id = next++;
      return new Promise<Tensor>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        const request: LaneRequest = { id, feeds, fetch };
        // The tensors move to the other thread: nothing is copied.
        worker.postMessage(
          request,
          Object.values(feeds).map(({ data }) => data.buffer as ArrayBuffer),
        );
      });
    },
    alive: () => dead === undefined,
    waiting: () => waiting.size,
    async close() {
      await worker.terminate();
    },
  };
}
