// A loaded model on threads of its own.
import { availableParallelism } from "node:os";
import type { Manifest } from "../package.ts";
import type { Feeds, ValueInfo } from "./feeds.ts";
import { openLane } from "./open.ts";
import { type Answered, queue } from "./queue.ts";

export interface Session {
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  /** Requests that may lie with the lanes, at work or next. */
  room: number;
  /** Waits for a lane; gives up only before it has one, as a running inference cannot be stopped. */
  run(feeds: Feeds, signal?: AbortSignal): Promise<Answered>;
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

/** What runs, and what lies ready for when that ends. */
const ROOM = 2;

export async function openSession(
  file: string,
  manifest: Manifest,
  { threads = availableParallelism(), lanes = 1 }: SessionOptions = {},
): Promise<Session> {
  const each = Math.max(1, Math.floor(threads / lanes));
  const opened = await Promise.allSettled(
    Array.from({ length: lanes }, () => openLane({ file, threads: each, manifest }, ROOM)),
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
  const maxBatch = dynamic ? manifest.maxBatch : 1;
  return {
    inputs,
    outputs,
    room: lanes * ROOM * maxBatch,
    run: queue(all, maxBatch),
    alive: () => all.every((lane) => lane.alive()),
    close,
  };
}
