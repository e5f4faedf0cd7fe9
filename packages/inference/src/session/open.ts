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
  NotDrawn,
  type Output,
  type Tensor,
  type ValueInfo,
  shapeFor,
} from "./tensor.ts";

/** Shared memory takes longer to hand over than so few numbers to copy. */
const WORTH_SHARING = 4096;

type Answered = Pick<Output, "drawn"> & { output?: Tensor };

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

  const waiting = new Map<number, { resolve(reply: Answered): void; reject(error: Error): void }>();
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
    else if ("notDrawn" in reply) caller?.reject(new NotDrawn(reply.notDrawn));
    else caller?.resolve(reply);
  });

  function ask(group: Feeds[], fetch: string, into: Tensor | undefined) {
    if (dead) return Promise.reject(dead);
    const id = next++;
    return new Promise<Answered>((resolve, reject) => {
      waiting.set(id, { resolve, reject });
      const request: LaneRequest = { id, group, fetch, into };
      worker.postMessage(request, group.length === 1 ? movable(group[0]!) : []);
    });
  }

  return {
    inputs,
    outputs,
    async run(group, fetch) {
      const output = outputs.find(({ name }) => name === fetch);
      const dims = output?.type === "float32" ? shapeFor(output, inputs, group[0]!, group.length) : undefined;
      const length = dims?.reduce((product, size) => product * size, 1) ?? 0;
      const into: Tensor | undefined =
        dims && length >= WORTH_SHARING ? { type: "float32", data: memory.take(length), dims } : undefined;
      const { output: written = into!, drawn } = await ask(group, fetch, into);
      return drawn ? { ...written, drawn } : written;
    },
    alive: () => dead === undefined,
    async close() {
      await worker.terminate();
    },
  };
}

/** What of a lone request is not shared moves to the other thread. Several may have to be tried again one by one. */
function movable(feeds: Feeds): ArrayBuffer[] {
  const moved: ArrayBuffer[] = [];
  for (const name in feeds) {
    const feed = feeds[name]!;
    const { buffer } = feed.type === "sketch" ? feed.jpeg : feed.data;
    if (buffer instanceof ArrayBuffer) moved.push(buffer);
  }
  return moved;
}
