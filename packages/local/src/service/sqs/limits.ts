/** Bytes of body and attributes: the default of a queue. */
export const MAX_MESSAGE_BYTES = 262_144;
/** The maximum of MaximumMessageSize. */
export const MAX_CONFIGURABLE_MESSAGE_BYTES = 1_048_576;
export const MAX_BATCH_ENTRIES = 10;
export const MAX_MESSAGE_ATTRIBUTES = 10;
export const MAX_RECEIVE = 10;
export const MAX_DELAY_SECONDS = 900;
export const MAX_WAIT_SECONDS = 20;
export const MAX_VISIBILITY_SECONDS = 43_200;
export const DEDUPLICATION_MS = 5 * 60_000;
export const PURGE_PAUSE_MS = 60_000;
/** The maximum rate of a move task, in messages per second. */
export const MAX_MOVE_RATE = 500;
