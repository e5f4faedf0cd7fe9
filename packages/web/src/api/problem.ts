export class ApiError extends Error {
  readonly code: string;
  readonly hint: string;
  readonly status: number;

  constructor(
    code: string,
    message: string,
    options: { hint?: string; status?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "ApiError";
    this.code = code;
    this.hint = options.hint ?? "";
    this.status = options.status ?? 0;
  }
}

/** The problem document of a response. API Gateway responds without one. */
export function toProblemError(status: number, body: unknown): ApiError {
  const { code, detail, hint } = (typeof body === "object" && body ? body : {}) as Record<string, string>;
  if (code && detail) return new ApiError(code, detail, { hint, status });
  return new ApiError(`HTTP_${status}`, `The API returned HTTP ${status}.`, {
    status,
    hint: hintFor(status),
  });
}

function hintFor(status: number): string {
  if (status === 429) return "Too many requests. Wait a moment, then try again.";
  return status >= 500 ? "Try again. If the error remains, check `npx sluice logs api`." : "";
}

/** Whether the same request may succeed later: the API was unreachable, overloaded or failed. */
export const isTemporary = ({ code, status }: ApiError) =>
  code === "API_UNREACHABLE" || status === 429 || status >= 500;

export const toApiError = (error: unknown): ApiError =>
  error instanceof ApiError
    ? error
    : new ApiError("UNEXPECTED", error instanceof Error ? error.message : String(error), {
        hint: "This is a bug in the page. Reload the page. If the error remains, report it.",
        cause: error,
      });
