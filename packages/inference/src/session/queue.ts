// Requests wait here for a worker. Waiting requests of one shape may run together; a lone request never waits for others.
// A request whose caller has gone is never run.
import type { RequestMeasures } from "../descriptors/request.ts";
import type { Prediction } from "../output/prediction.ts";
import type { Feeds } from "./feeds.ts";
import type { StepTimes } from "./response-buffer.ts";

export interface ModelOutput {
  prediction: Prediction;
  measures: RequestMeasures;
}

export interface RunResult extends ModelOutput {
  times: StepTimes;
}

export interface BatchResult {
  outputs: ModelOutput[];
  /** Of all requests of the batch together. */
  times: StepTimes;
}

export interface BatchRunner {
  /** Batches it holds at once: the one it runs, and the next ones. */
  capacity: number;
  run(requests: Feeds[]): Promise<BatchResult>;
}

interface QueuedRequest {
  feeds: Feeds;
  signal: AbortSignal | undefined;
  resolve(result: RunResult): void;
  reject(error: unknown): void;
}

/** `maxBatch` above 1 needs a model whose inputs and output have the batch as their first dimension. */
export function createQueue(runners: BatchRunner[], maxBatch: number) {
  const waiting: QueuedRequest[] = [];
  /** The runner that got the last batch is last: of equally busy runners the first is free soonest. */
  const order = runners.map((runner) => ({ runner, batches: 0 }));

  function dispatch() {
    for (;;) {
      const next = order.reduce((least, one) => (one.batches < least.batches ? one : least));
      if (next.batches === next.runner.capacity) return;
      // A busy runner only gets a full batch: a smaller one can still grow in the queue.
      if (next.batches > 0 && waiting.length < maxBatch) return;
      const batch = takeBatch(waiting, maxBatch);
      if (batch.length === 0) return;
      order.push(...order.splice(order.indexOf(next), 1));
      next.batches++;
      void runBatch(next.runner, batch).then(() => {
        next.batches--;
        dispatch();
      });
    }
  }

  return (feeds: Feeds, signal?: AbortSignal) =>
    new Promise<RunResult>((resolve, reject) => {
      waiting.push({ feeds, signal, resolve, reject });
      dispatch();
    });
}

async function runBatch(runner: BatchRunner, batch: QueuedRequest[]) {
  try {
    const { outputs, times } = await runner.run(batch.map(({ feeds }) => feeds));
    for (const [index, request] of batch.entries()) request.resolve({ ...outputs[index]!, times });
  } catch (error) {
    if (batch.length === 1) batch[0]!.reject(error);
    // One bad request must not fail the others: each runs alone.
    else for (const request of batch) await runBatch(runner, [request]);
  }
}

function takeBatch(waiting: QueuedRequest[], limit: number): QueuedRequest[] {
  while (waiting[0]?.signal?.aborted) {
    const gone = waiting.shift()!;
    gone.reject(gone.signal!.reason);
  }
  const [first] = waiting;
  if (!first) return [];
  if (limit === 1) return waiting.splice(0, 1);
  const shape = shapeOf(first);
  let end = 1;
  while (
    end < waiting.length &&
    end < limit &&
    !waiting[end]!.signal?.aborted &&
    shapeOf(waiting[end]!) === shape
  )
    end++;
  return waiting.splice(0, end);
}

/** All images become tensors of one shape. */
const shapeOf = ({ feeds }: QueuedRequest) =>
  Object.values(feeds)
    .map((feed) => ("dims" in feed ? feed.dims.slice(1).join("x") : "image"))
    .join();
