export const MAX_PUT_ENTRIES = 10;
/** Bytes of all entries of one PutEvents. */
export const MAX_PUT_BYTES = 262_144;
export const MAX_PATTERN_LENGTH = 4096;
export const MAX_TARGETS_PER_RULE = 5;
/** Default and maximum number of retries. */
export const MAX_RETRY_ATTEMPTS = 185;
export const MAX_EVENT_AGE_SECONDS = 86_400;
export const MIN_EVENT_AGE_SECONDS = 60;
/** Backoff: doubles from the first to the last, minus a random part of up to half. */
export const FIRST_BACKOFF_MS = 1000;
export const LAST_BACKOFF_MS = 10 * 60_000;
