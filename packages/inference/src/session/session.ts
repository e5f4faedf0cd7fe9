// A loaded model on worker threads.
import { rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";
import type { Manifest } from "../package.ts";
import { batchLimit } from "./feeds.ts";
import { createQueue } from "./queue.ts";
import { startWorker } from "./worker-client.ts";

export type Session = Awaited<ReturnType<typeof openSession>>;

export interface SessionOptions {
  /** Cores for inference; all by default. */
  threads?: number;
  /**
   * Copies of the model, each with its share of the threads. One has the lowest latency; one per core has the highest
   * throughput. They share their weights.
   */
  workers?: number;
}

/** Per worker: the batch it runs, and the next one. */
const BATCHES_PER_WORKER = 2;

export async function openSession(
  file: string,
  manifest: Manifest,
  { threads = availableParallelism(), workers = 1 }: SessionOptions = {},
) {
  const threadsEach = Math.max(1, Math.floor(threads / workers));
  const { clients, close } = await startWorkers({ file, threads: threadsEach, manifest }, workers);
  const { inputs, outputs } = clients[0]!;
  const maxBatch = batchLimit(inputs, manifest.maxBatch);
  return {
    inputs,
    outputs,
    /** The number of requests that all workers hold at once. */
    capacity: workers * BATCHES_PER_WORKER * maxBatch,
    /** An aborted request is dropped before its turn; a running inference cannot be stopped. */
    run: createQueue(clients, maxBatch),
    alive: () => clients.every((client) => client.alive()),
    close,
  };
}

/** The first worker writes the model that the others open. */
async function startWorkers(options: Parameters<typeof startWorker>[0], count: number) {
  const shareIn =
    count > 1 ? await mkdtemp(path.join(tmpdir(), "sluice-workers-")).catch(() => undefined) : undefined;
  const remove = () => rmSync(shareIn!, { recursive: true, force: true });
  if (shareIn) process.on("exit", remove);
  try {
    const first = await startWorker({ ...options, shareIn }, BATCHES_PER_WORKER);
    const others = await Promise.allSettled(
      Array.from({ length: count - 1 }, () =>
        startWorker({ ...options, file: first.file }, BATCHES_PER_WORKER),
      ),
    );
    const clients = [first, ...others.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))];
    const close = async () => void (await Promise.all(clients.map((client) => client.close())));
    const failed = others.find((one) => one.status === "rejected");
    if (failed) {
      await close();
      throw failed.reason as Error;
    }
    return { clients, close };
  } finally {
    if (shareIn) {
      process.off("exit", remove);
      // Workers have mapped the file. Windows cannot remove it while it is mapped.
      await rm(shareIn, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
