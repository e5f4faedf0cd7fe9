// Limits a queue's concurrent requests to what its endpoint accepts: a throttled request is retried later and paid again.

/** Messages in a batch. */
export const BATCH_SIZE = 10;
/** AWS's minimum for a mapping's concurrent batches. */
const MIN_BATCHES = 2;

export interface Batching {
  /** Concurrent batches. */
  batches: number;
  /** Concurrent requests of each batch. */
  requests: number;
}

/** An endpoint that accepts one request at once still gets two batches: one of them retries. */
export function batchingFor(concurrency: number): Batching {
  const batches = Math.max(MIN_BATCHES, Math.ceil(concurrency / BATCH_SIZE));
  return { batches, requests: Math.max(1, Math.floor(concurrency / batches)) };
}
