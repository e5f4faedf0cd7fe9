// What a service throws to answer as AWS would. The wire layer shapes it for the caller's protocol.

export class AwsError extends Error {
  /** The modelled error code, e.g. "NoSuchKey", "ValidationException". */
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

/** Never a silent 200: what the embedded AWS cannot do says so, and names it. */
export function notImplemented(what: string): AwsError {
  return new AwsError("NotImplemented", `The embedded AWS does not implement ${what}.`, { status: 501 });
}
