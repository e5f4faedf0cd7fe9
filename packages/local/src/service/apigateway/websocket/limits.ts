// AWS's quotas of WebSocket APIs, and limits for one machine.
export const MESSAGE_BYTES = 128 * 1024;
export const FRAME_BYTES = 32 * 1024;
export const IDLE_MS = 10 * 60_000;
export const DURATION_MS = 2 * 3_600_000;
export const INTEGRATION_TIMEOUT_MS = 29_000;
export const NEW_CONNECTIONS_PER_SECOND = 500;

/** One timer checks all connections. */
export const SWEEP_MS = 10_000;
/** Messages of one connection in functions at once. Further ones stay in the socket. */
export const CONCURRENT_MESSAGES = 8;
/** Parts of one message. */
export const MAX_FRAGMENTS = 1024;
/** What a client has not read yet. AWS does not publish its size. */
export const UNREAD_BYTES = 256 * 1024;
/** A client whose buffer stays full this long is disconnected. */
export const SLOW_READER_MS = 10_000;
/** Wait for the client's close frame. */
export const CLOSE_TIMEOUT_MS = 2_000;
