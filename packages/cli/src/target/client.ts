// A typed HTTP client for the API. Problem responses become failures with a matching exit code.
import type { Routes } from "@sluice/api/app.ts";
import { type ClientResponse, DetailedError, hc, parseResponse } from "hono/client";
import { EXIT, type ExitCode, Failure } from "../terminal/failure.ts";
import type { Target } from "./target.ts";

export function createClient(target: Pick<Target, "api" | "token">) {
  return hc<Routes>(target.api, { headers: authorization(target), fetch: fetchApi });
}

export type Client = ReturnType<typeof createClient>;

export const authorization = ({ token }: Pick<Target, "token">): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {};

/** `fetch`, with a network error as a failure that names the host. */
export async function fetchApi(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(input, init);
  } catch (cause) {
    const url = new URL(input instanceof Request ? input.url : String(input));
    throw new Failure("API_UNREACHABLE", `${url.origin} does not respond.`, {
      exit: EXIT.unreachable,
      hint: "Start the local cloud with `npm start`. To find the cause, run `npx sluice doctor`.",
      cause,
    });
  }
}

/** The body of a successful response. Throws a failure for any other response. */
export async function readBody<R extends ClientResponse<unknown>>(response: Promise<R>) {
  try {
    return await parseResponse(response);
  } catch (error) {
    if (error instanceof DetailedError) throw toProblemFailure(error.statusCode, error.detail?.data);
    throw error;
  }
}

/** For responses that the typed client does not cover. */
export async function readProblem(response: Response): Promise<Failure> {
  return toProblemFailure(response.status, await response.json().catch(() => undefined));
}

const EXITS: Record<number, ExitCode> = {
  400: EXIT.usage,
  401: EXIT.denied,
  403: EXIT.denied,
  404: EXIT.missing,
  503: EXIT.unreachable,
};

/** API Gateway and Lambda send these without a problem document. */
const GATEWAY_ERRORS: Record<number, { code: string; message: string; hint: string; exit: ExitCode }> = {
  413: {
    code: "OBJECT_TOO_LARGE",
    message: "The request is larger than the API accepts.",
    hint: "Scale the image down, or upload it to the bucket: `npx sluice upload FILE --model MODEL`.",
    exit: EXIT.usage,
  },
  503: {
    code: "API_UNAVAILABLE",
    message: "The API is not available at the moment.",
    hint: "It may still be starting. Try again in a few seconds.",
    exit: EXIT.unreachable,
  },
};

export function toProblemFailure(status: number, body: unknown): Failure {
  const problem = (body ?? {}) as { code?: string; detail?: string; hint?: string };
  const known = problem.code === undefined ? GATEWAY_ERRORS[status] : undefined;
  if (known) return new Failure(known.code, known.message, known);
  return new Failure(problem.code ?? `HTTP_${status}`, problem.detail ?? `The API returned HTTP ${status}.`, {
    exit: EXITS[status] ?? EXIT.failed,
    hint: problem.hint,
  });
}
