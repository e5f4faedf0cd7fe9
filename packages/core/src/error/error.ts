import { LabelError } from "@sluice/labels/error.ts";
import type * as z from "zod";
import { codes, type CodeEntry, type ErrorCode } from "./codes.ts";

export type { ErrorCode } from "./codes.ts";

export class SluiceError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;
  readonly retryable: boolean;
  /** Values that say where it happened: a field, a key, an endpoint, an action. */
  readonly details: Record<string, unknown>;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; retryable?: boolean; details?: Record<string, unknown> } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "SluiceError";
    this.code = code;
    this.hint = options.hint ?? codes[code].hint;
    this.retryable = options.retryable ?? codes[code].retryable;
    this.details = options.details ?? {};
  }

  get kind(): CodeEntry["kind"] {
    return codes[this.code].kind;
  }

  get category(): CodeEntry["category"] {
    return codes[this.code].category;
  }
}

/** Any thrown value as a SluiceError; an unknown error becomes UNEXPECTED with its cause. */
export function toSluiceError(error: unknown, code: ErrorCode = "UNEXPECTED"): SluiceError {
  if (error instanceof SluiceError) return error;
  if (error instanceof LabelError)
    return new SluiceError(error.code, error.message, { hint: error.hint, cause: error });
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new SluiceError(code, message, { cause: error });
}

/** An error of a schema, with each invalid field. */
export function invalidInput(error: z.ZodError, code: ErrorCode = "INPUT_INVALID"): SluiceError {
  const issues = error.issues.map((issue) => ({
    field: issue.path.join(".") || "(whole)",
    message: issue.message,
  }));
  const text = issues.map((issue) => `${issue.field}: ${issue.message}`).join("; ");
  return new SluiceError(code, text, { details: { issues } });
}
