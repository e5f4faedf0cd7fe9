/** What is wrong with a pattern, in words for `Event pattern is not valid. Reason: ...`. */
export class PatternError extends Error {}
