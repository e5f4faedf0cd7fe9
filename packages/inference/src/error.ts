/** Why a request, a package or a model is rejected. */
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

/** `hint` is the fix; `status` is the HTTP status. */
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

/** The fast JPEG decoder cannot decode the image: decode it with libvips, which decides whether it is rejected. */
export class FastDecodeError extends Error {}

/** Unexpected errors are system errors of the model, never user errors. */
export function asInferenceError(error: unknown): InferenceError {
  if (error instanceof InferenceError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new InferenceError(
    "MODEL_FAILED",
    500,
    `The model failed: ${message.slice(0, 500)}`,
    "Read the container's log. The same request may succeed with another model version.",
    error,
  );
}
