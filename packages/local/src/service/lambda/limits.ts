// AWS's quotas, and limits for one machine.
import { availableParallelism } from "node:os";

export const SYNC_PAYLOAD_BYTES = 6 * 1024 * 1024;
/** A response may be 100 bytes longer than a request. */
export const SYNC_RESPONSE_BYTES = SYNC_PAYLOAD_BYTES + 100;
export const ASYNC_PAYLOAD_BYTES = 1024 * 1024;
export const CODE_BYTES = { total: 80_530_636_800, unzipped: 262_144_000, zipped: 52_428_800 };
export const LOG_TAIL_BYTES = 4096;

export const DEFAULT_TIMEOUT_S = 3;
export const DEFAULT_MEMORY_MB = 128;
export const INIT_TIMEOUT_MS = 30_000;
export const IDLE_WORKER_MS = 5 * 60_000;
/** A handler may run this long after the client of a response stream disconnected. */
export const ABANDONED_STREAM_MS = 3_000;

export const ASYNC_RETRIES = 2;
export const ASYNC_RETRY_STEP_MS = 60_000;
export const ASYNC_MAX_AGE_S = 6 * 3600;
export const ASYNC_THROTTLE_BACKOFF_MS = { first: 1_000, most: 5 * 60_000 };

export const POLL_WAIT_S = 20;
export const RECEIVE_MAX = 10;
export const POLL_BACKOFF_MS = { first: 200, most: 10_000 };

/** Concurrent processes of one function. More would only compete for the cores, so invocations wait. */
export const WORKERS_PER_FUNCTION = Math.max(4, availableParallelism() * 2);
/** Concurrent batches of one mapping. Leaves cores for the services that functions call. */
export const BATCHES_IN_FLIGHT = Math.max(2, availableParallelism());
/** Open response streams of one function. Each needs a process, mostly idle. */
export const STREAMS_PER_FUNCTION = 32;
