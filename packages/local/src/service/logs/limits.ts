// AWS's quotas.
export const BATCH_EVENTS = 10_000;
export const BATCH_BYTES = 1_048_576;
export const EVENT_OVERHEAD_BYTES = 26;
export const EVENT_BYTES = 1_048_576;
/** An event may not be older than this, nor further in the future. */
export const OLDEST_MS = 14 * 86_400_000;
export const FUTURE_MS = 2 * 3_600_000;
export const PAGE_EVENTS = 10_000;
export const PAGE_GROUPS = 50;
export const SWEEP_MS = 3_600_000;
export const RETENTION_DAYS = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);
