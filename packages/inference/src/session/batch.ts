// Requests that arrive while the model is busy run together afterwards; one that comes alone never waits for company.
import type { Tensor } from "./tensor.ts";

type Feeds = Record<string, Tensor>;
interface Waiting {
  feeds: Feeds;
  resolve(output: Tensor): void;
  reject(error: unknown): void;
}

/** `run` takes feeds whose first dimension is the batch, and answers with one tensor whose first is too. */
export function batcher(run: (feeds: Feeds) => Promise<Tensor>, maxBatch: number) {
  const queue: Waiting[] = [];
  let busy = false;

  async function drain() {
    busy = true;
    while (queue.length > 0) {
      const group = takeAlike(queue, maxBatch);
      try {
        const output = await run(
          group.length === 1 ? group[0]!.feeds : stack(group.map(({ feeds }) => feeds)),
        );
        for (const [index, waiting] of group.entries()) waiting.resolve(slice(output, index, group.length));
      } catch (error) {
        // One bad member must not fail its neighbours: each is tried alone.
        if (group.length === 1) group[0]!.reject(error);
        else for (const waiting of group) await run(waiting.feeds).then(waiting.resolve, waiting.reject);
      }
    }
    busy = false;
  }

  return (feeds: Feeds) =>
    new Promise<Tensor>((resolve, reject) => {
      queue.push({ feeds, resolve, reject });
      if (!busy) void drain();
    });
}

function takeAlike(queue: Waiting[], most: number): Waiting[] {
  const shape = shapeOf(queue[0]!.feeds);
  let end = 1;
  while (end < queue.length && end < most && shapeOf(queue[end]!.feeds) === shape) end++;
  return queue.splice(0, end);
}

const shapeOf = (feeds: Feeds) =>
  Object.values(feeds)
    .map(({ dims }) => dims.slice(1).join("x"))
    .join();

function stack(all: Feeds[]): Feeds {
  return Object.fromEntries(
    Object.entries(all[0]!).map(([name, { type, data, dims }]) => {
      const joined =
        type === "float32"
          ? new Float32Array(data.length * all.length)
          : new BigInt64Array(data.length * all.length);
      for (const [index, feeds] of all.entries()) joined.set(feeds[name]!.data as never, index * data.length);
      return [name, { type, data: joined, dims: [all.length, ...dims.slice(1)] }];
    }),
  );
}

function slice(output: Tensor, index: number, count: number): Tensor {
  if (count === 1) return output;
  const length = output.data.length / count;
  return {
    ...output,
    data: output.data.subarray(index * length, (index + 1) * length),
    dims: [1, ...output.dims.slice(1)],
  };
}
