/** Every way a request, a package or a model can be refused. */
export type InferenceCode =
  | "BODY_EMPTY"
  | "BODY_TOO_LARGE"
  | "IMAGE_UNREADABLE"
  | "IMAGE_TOO_LARGE"
  | "TEXT_EMPTY"
  | "TEXT_UNREADABLE"
  | "UNSUPPORTED_TYPE"
  | "NOT_ACCEPTABLE"
  | "REQUEST_INVALID"
  | "PACKAGE_INVALID"
  | "PACKAGE_HOSTILE"
  | "MODEL_FAILED"
  | "MODEL_NOT_LOADED"
  | "MODEL_ALREADY_LOADED"
  | "MODEL_NO_ROOM"
  | "NOT_FOUND"
  | "OBJECT_NOT_FOUND"
  | "OBJECT_FORBIDDEN"
  | "OBJECT_UNREADABLE"
  | "CLIENT_GONE"
  | "BROWSER_REFUSED"
  | "BUSY"
  | "TIMED_OUT";

/** What went wrong, and what its reader can do about it; `status` is the HTTP answer it becomes. */
export class InferenceError extends Error {
  readonly code: InferenceCode;
  readonly status: number;
  readonly hint: string;

  constructor(code: InferenceCode, status: number, message: string, hint: string, cause?: unknown) {
    super(message, { cause });
    this.name = "InferenceError";
    this.code = code;
    this.status = status;
    this.hint = hint;
  }

  toJSON() {
    return { code: this.code, message: this.message, hint: this.hint };
  }
}

/** Anything thrown, as an error with a code; what nobody foresaw is the model's failure, never the caller's. */
export function asInferenceError(error: unknown): InferenceError {
  if (error instanceof InferenceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new InferenceError(
    "MODEL_FAILED",
    500,
    `The model failed: ${message.slice(0, 500)}`,
    "Look at the container's log; the same request may succeed on another model version.",
    error,
  );
}
