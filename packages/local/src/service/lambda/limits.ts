// Quotas as AWS publishes them, plus what one machine sets for itself.
import { availableParallelism } from "node:os";

export const SYNC_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** The answer may be 100 bytes longer than the request. */
export const SYNC_RESPONSE_BYTES = SYNC_PAYLOAD_BYTES + 100;
export const ASYNC_PAYLOAD_BYTES = 1024 * 1024;
export const ACCOUNT_CONCURRENCY = 1000;
export const LOG_TAIL_BYTES = 4096;

export const DEFAULT_TIMEOUT_S = 3;
export const DEFAULT_MEMORY_MB = 128;
export const INIT_TIMEOUT_MS = 30_000;
export const IDLE_WORKER_MS = 5 * 60_000;
/** How long a handler may run on after its caller has hung up on a response stream. */
export const ABANDONED_STREAM_MS = 3_000;

export const ASYNC_RETRIES = 2;
export const ASYNC_RETRY_STEP_MS = 60_000;
export const ASYNC_MAX_AGE_S = 6 * 3600;
export const ASYNC_THROTTLE_BACKOFF_MS = { first: 1_000, most: 5 * 60_000 };

export const POLL_WAIT_S = 20;
export const RECEIVE_MAX = 10;
export const POLL_BACKOFF_MS = { first: 200, most: 10_000 };

/** Processes of one function at a time: more only take the cores from each other, so further invocations wait. */
export const WORKERS_PER_FUNCTION = Math.max(4, availableParallelism() * 2);
/** Batches one mapping has in flight; leaves cores for what the functions call. */
export const BATCHES_IN_FLIGHT = Math.max(2, availableParallelism());
/** Open response streams of one function: each holds a process, mostly idle. */
export const STREAMS_PER_FUNCTION = 32;
