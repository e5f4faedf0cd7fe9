/** An asynchronous inference request, as the queue stores it. */
export interface AsyncRequest {
  id: string;
  endpoint: string;
  /** The S3 URI of the request's body, or the body itself in base64. */
  input?: string;
  body?: string;
  output: string;
  failure?: string;
  contentType?: string;
  accept?: string;
  customAttributes?: string;
  inferenceId: string;
  /** Epoch milliseconds. */
  received: number;
  expires: number;
  timeoutMs: number;
}
