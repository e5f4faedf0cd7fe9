// Limits of AWS and of the app that several packages share.

/** Receives after which a queue moves a message to its dead letters. */
export const MAX_RECEIVES = 5;

/** Request sizes of SageMaker's endpoints. */
export const SERVERLESS_REQUEST_BYTES = 4_194_304;
export const REALTIME_REQUEST_BYTES = 6_291_456;
