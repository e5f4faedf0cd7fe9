// A loaded model on threads of its own.
import { availableParallelism } from "node:os";
import { openLane } from "./open.ts";
import { type Memory, sharedMemory } from "./memory.ts";
import { queue } from "./queue.ts";
import type { ImageInput } from "../package.ts";
import type { Feeds, Output, ValueInfo } from "./tensor.ts";

export interface Session {
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  /** Where feeds may be made and answers given back to; using it is optional. */
  memory: Memory;
  /** Waits for a free lane; gives up only before it has one, as a running inference cannot be stopped. */
  run(feeds: Feeds, fetch: string, signal?: AbortSignal): Promise<Output>;
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
  /** Requests that wait together run together, up to this many, where the model's first dimension is free. */
  maxBatch?: number;
  /** How sketches among the feeds become tensors. */
  image?: ImageInput | undefined;
}

export async function openSession(
  model: string,
  { threads = availableParallelism(), lanes = 1, maxBatch = 1, image }: SessionOptions = {},
): Promise<Session> {
  const each = Math.max(1, Math.floor(threads / lanes));
  const memory = sharedMemory();
  const opened = await Promise.allSettled(
    Array.from({ length: lanes }, () => openLane({ model, threads: each, image }, memory)),
  );
  const all = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const close = async () => void (await Promise.all(all.map((lane) => lane.close())));
  const failed = opened.find((one) => one.status === "rejected");
  if (failed) {
    await close();
    throw failed.reason as Error;
  }
  const { inputs, outputs } = all[0]!;
  const dynamic = inputs.every(({ shape }) => typeof shape[0] === "string");
  return {
    inputs,
    outputs,
    memory,
    run: queue(all, dynamic ? maxBatch : 1, memory),
    alive: () => all.every((lane) => lane.alive()),
    close,
  };
}
