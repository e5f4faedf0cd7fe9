// How a model's queue may meet its endpoint: never with more requests at once than the endpoint takes, since what is
// refused there comes back late and is paid for again.

/** Messages in a batch, and the fewest batches at once that AWS lets a mapping be limited to. */
export const BATCH = 10;
const LEAST_BATCHES = 2;

export interface Lanes {
  /** Batches worked at once. */
  batches: number;
  /** Requests that each of them has under way at once. */
  atOnce: number;
}

/** An endpoint of one request at once still meets two batches: the loser's retries wait for the winner. */
export function lanes(concurrency: number): Lanes {
  const batches = Math.max(LEAST_BATCHES, Math.ceil(concurrency / BATCH));
  return { batches, atOnce: Math.max(1, Math.floor(concurrency / batches)) };
}
