/** Its message completes "Event pattern is not valid. Reason: ...". */
export class PatternError extends Error {}
