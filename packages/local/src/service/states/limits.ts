// Documented quotas of Step Functions.

/** Names of machines, executions and activities. */
export const NAME = /^[^\s\p{Cc}<>{}[\]?*"#%\\^|~`$&,;:/]{1,80}$/u;

/** Input and output, in bytes of UTF-8. */
export { MAX_PAYLOAD } from "./machine/fields.ts";

export const MAX_DEFINITION = 1_048_576;
export const MAX_EVENTS = 25_000;

/** A failed Standard execution can be redriven within this time. */
export const REDRIVE_MS = 14 * 86_400_000;

export const MAX_ERROR = 256;
export const MAX_CAUSE = 32_768;
export const MAX_PAGE = 1_000;
export const DEFAULT_PAGE = 100;
