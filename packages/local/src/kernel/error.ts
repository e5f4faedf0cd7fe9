// The error that services throw for clients. The wire layer writes it in the client's protocol.

export class AwsError extends Error {
  /** The modeled error code, e.g. "NoSuchKey", "ValidationException". */
  readonly code: string;
  readonly status: number;
  /** Extra members of the error shape, e.g. `{ Item }` of ConditionalCheckFailedException, `{ Key }` of NoSuchKey. */
  readonly fields: Record<string, unknown>;

  constructor(
    code: string,
    message: string,
    options: { status?: number; fields?: Record<string, unknown>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = code;
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
  }
}

/** For everything that the embedded AWS does not implement: it never ignores anything silently. */
export function notImplemented(what: string): AwsError {
  return new AwsError("NotImplemented", `The embedded AWS does not implement ${what}.`, { status: 501 });
}
