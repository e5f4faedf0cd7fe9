// Requests wait here for a free lane. Those that wait together may run together; one that comes alone never waits for
// company, and one whose caller has gone is never run.
import type { Memory } from "./memory.ts";
import type { Feeds, Output } from "./tensor.ts";

export interface Lane {
  run(group: Feeds[], fetch: string): Promise<Output>;
}

interface Waiting {
  feeds: Feeds;
  fetch: string;
  signal: AbortSignal | undefined;
  resolve(output: Output): void;
  reject(error: unknown): void;
}

/** `maxBatch` above 1 needs a model whose feeds and output have the batch as their first dimension. */
export function queue(lanes: Lane[], maxBatch: number, memory: Memory) {
  const waiting: Waiting[] = [];
  const idle = [...lanes];

  function start() {
    while (idle.length > 0) {
      const group = takeAlike(waiting, maxBatch);
      if (group.length === 0) return;
      const lane = idle.pop()!;
      void work(lane, group).then(() => {
        idle.push(lane);
        start();
      });
    }
  }

  async function work(lane: Lane, group: Waiting[]) {
    const [first] = group as [Waiting];
    if (group.length === 1) return lane.run([first.feeds], first.fetch).then(first.resolve, first.reject);
    try {
      const feeds = group.map((one) => one.feeds);
      const output = await lane.run(feeds, first.fetch);
      for (const [index, one] of group.entries()) one.resolve(slice(output, index, group.length));
      memory.give(output.data);
    } catch {
      // One bad member must not fail its neighbours: each is tried alone.
      for (const one of group) await lane.run([one.feeds], one.fetch).then(one.resolve, one.reject);
    }
  }

  return (feeds: Feeds, fetch: string, signal?: AbortSignal) =>
    new Promise<Output>((resolve, reject) => {
      waiting.push({ feeds, fetch, signal, resolve, reject });
      start();
    });
}

function takeAlike(waiting: Waiting[], most: number): Waiting[] {
  while (waiting[0]?.signal?.aborted) {
    const gone = waiting.shift()!;
    gone.reject(gone.signal!.reason);
  }
  const [first] = waiting;
  if (!first) return [];
  const shape = shapeOf(first);
  let end = 1;
  while (
    end < waiting.length &&
    end < most &&
    !waiting[end]!.signal?.aborted &&
    shapeOf(waiting[end]!) === shape
  )
    end++;
  return waiting.splice(0, end);
}

const shapeOf = ({ feeds, fetch }: Waiting) =>
  [fetch, ...Object.values(feeds).map(({ dims }) => dims.slice(1).join("x"))].join();

function slice(output: Output, index: number, count: number): Output {
  const length = output.data.length / count;
  return {
    ...output,
    data: output.data.slice(index * length, (index + 1) * length),
    dims: [1, ...output.dims.slice(1)],
  };
}
