// What went wrong, in the API's own words: a code, what, and what to do.

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

/** The problem a refusal carries; one of our own words where it carries none. */
export async function problemOf(response: { status: number; text(): Promise<string> }): Promise<ApiError> {
  const text = await response.text().catch(() => "");
  const { status } = response;
  try {
    const { code, detail, hint } = JSON.parse(text) as Record<"code" | "detail" | "hint", string | undefined>;
    if (code && detail) return new ApiError(code, detail, { hint, status });
  } catch {
    // Not the API's own answer: what stands before it has refused.
  }
  return new ApiError(`HTTP_${status}`, `The API answered ${status}.`, {
    status,
    hint: hintOf(status),
  });
}

function hintOf(status: number): string {
  if (status === 429) return "Too much was asked at once: wait a moment, then try again.";
  return status >= 500 ? "Try again; if it stays, look at `npx sluice logs api`." : "";
}

/** Whether the same may go well a little later: nobody answered, or whoever did was at fault. */
export const passes = ({ code, status }: ApiError) =>
  code === "API_UNREACHABLE" || status === 429 || status >= 500;

export const asApiError = (error: unknown): ApiError =>
  error instanceof ApiError
    ? error
    : new ApiError("UNEXPECTED", error instanceof Error ? error.message : String(error), {
        hint: "This is a defect of the page: reload it, and report it if it stays.",
        cause: error,
      });
