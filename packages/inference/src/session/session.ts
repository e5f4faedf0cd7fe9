// A loaded model on threads of its own.
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import type { Manifest } from "../package.ts";
import { type Feeds, type ValueInfo, batchOf } from "./feeds.ts";
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
   * as many as cores answer the most requests a second, and share their weights.
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
  const { all, close } = await openAll({ file, threads: each, manifest }, lanes);
  const { inputs, outputs } = all[0]!;
  const maxBatch = batchOf(inputs, manifest.maxBatch);
  return {
    inputs,
    outputs,
    room: lanes * ROOM * maxBatch,
    run: queue(all, maxBatch),
    alive: () => all.every((lane) => lane.alive()),
    close,
  };
}

/** The first writes what the others open. */
async function openAll(about: Parameters<typeof openLane>[0], lanes: number) {
  const shareIn =
    lanes > 1 ? await mkdtemp(path.join(tmpdir(), "sluice-lanes-")).catch(() => undefined) : undefined;
  const remove = () => rmSync(shareIn!, { recursive: true, force: true });
  if (shareIn) process.on("exit", remove);
  try {
    const first = await openLane({ ...about, shareIn }, ROOM);
    const others = await Promise.allSettled(
      Array.from({ length: lanes - 1 }, () => openLane({ ...about, file: first.file }, ROOM)),
    );
    const all = [first, ...others.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))];
    const close = async () => void (await Promise.all(all.map((lane) => lane.close())));
    const failed = others.find((one) => one.status === "rejected");
    if (failed) {
      await close();
      throw failed.reason as Error;
    }
    return { all, close };
  } finally {
    if (shareIn) {
      process.off("exit", remove);
      // What is mapped stays; Windows keeps its file, too.
      await rm(shareIn, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
