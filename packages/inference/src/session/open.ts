// One lane: a thread that holds the model, and the caller's side of talking to it.
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { InferenceError } from "../error.ts";
import type { Memory } from "./memory.ts";
import type { Lane } from "./queue.ts";
import {
  type Feeds,
  type LaneData,
  type LaneReply,
  type LaneRequest,
  type Tensor,
  type ValueInfo,
  shapeFor,
} from "./tensor.ts";

export interface OpenLane extends Lane {
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  alive(): boolean;
  close(): Promise<void>;
}

export async function openLane(workerData: LaneData, memory: Memory): Promise<OpenLane> {
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
  const { inputs, outputs } = first;

  const waiting = new Map<number, { resolve(tensor?: Tensor): void; reject(error: Error): void }>();
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

  function ask(feeds: Feeds, fetch: string, into: Tensor | undefined) {
    if (dead) return Promise.reject(dead);
    const id = next++;
    return new Promise<Tensor | undefined>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      const request: LaneRequest = { id, feeds, fetch, into };
      // What is not shared moves to the other thread: nothing is copied.
      const moved = Object.values(feeds).flatMap(({ data: { buffer } }) =>
        buffer instanceof ArrayBuffer ? [buffer] : [],
      );
      worker.postMessage(request, moved);
    });
  }

  return {
    inputs,
    outputs,
    async run(feeds, fetch) {
      const output = outputs.find(({ name }) => name === fetch);
      const dims = output?.type === "float32" ? shapeFor(output, inputs, feeds) : undefined;
      const into: Tensor | undefined = dims && {
        type: "float32",
        data: memory.take(dims.reduce((product, size) => product * size, 1)),
        dims,
      };
      return (await ask(feeds, fetch, into)) ?? into!;
    },
    alive: () => dead === undefined,
    async close() {
      await worker.terminate();
    },
  };
}
