// Limits of AWS and of the app that several packages share.

/** Receives after which a queue moves a message to its dead letters. */
export const MAX_RECEIVES = 5;

/** Repetitions of an alert of the same kind and model within this time are counted, and not delivered. */
export const ALERT_WINDOW = "1 hour";

/** Request sizes of SageMaker's endpoints. */
export const SERVERLESS_REQUEST_BYTES = 4_194_304;
export const REALTIME_REQUEST_BYTES = 6_291_456;

/** CloudWatch charges 0.30 USD a month per metric. The counts of a model with more classes stay in the log. */
const MAX_CLASS_METRICS = 20;

/** The classes whose counts are metrics. */
export const countedClasses = (declared: readonly string[]): readonly string[] =>
  declared.length > MAX_CLASS_METRICS ? [] : declared;
