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
}

export async function openSession(model: string, options: SessionOptions = {}): Promise<Session> {
  const workerData: LaneData = { model, threads: options.threads ?? availableParallelism() };
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
    async close() {
      await worker.terminate();
    },
  };
}
