// DynamoDB's limits, as AWS documents them.
export const KB = 1024;
export const MAX_ITEM_BYTES = 400 * KB;
/** The size limit of one Query or Scan response. */
export const MAX_PAGE_BYTES = 1024 * KB;
export const MAX_BATCH_GET_BYTES = 16 * 1024 * KB;
export const MAX_BATCH_GET_KEYS = 100;
export const MAX_BATCH_WRITES = 25;
export const MAX_TRANSACTION_ITEMS = 100;
export const MAX_TRANSACTION_BYTES = 4 * 1024 * KB;
/** A repeated ClientRequestToken within this time does not write again. */
export const TOKEN_LIFE_MS = 10 * 60_000;
export const MAX_HASH_KEY_BYTES = 2048;
export const MAX_RANGE_KEY_BYTES = 1024;
export const MAX_EXPRESSION_BYTES = 4 * KB;
export const MAX_DEPTH = 32;
export const MAX_DIGITS = 38;
export const MAX_SEGMENTS = 1_000_000;
export const MAX_GLOBAL_INDEXES = 20;
export const MAX_LOCAL_INDEXES = 5;
export const MAX_TAGS = 50;
export const READ_UNIT_BYTES = 4 * KB;
export const WRITE_UNIT_BYTES = KB;
/** AWS deletes expired items within days. A minute shows readers that expired items may still exist. */
export const EXPIRY_DELAY_MS = 60_000;
/** Items that expired longer ago are never deleted, as on AWS. */
export const EXPIRY_WINDOW_MS = 5 * 365 * 86_400_000;
