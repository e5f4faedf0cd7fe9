import type { Routes } from "@sluice/api/app.ts";
import { type ClientResponse, DetailedError, hc, parseResponse } from "hono/client";
import { site } from "./config.ts";
import { ApiError, toProblemError } from "./problem.ts";
import { authorization, signOut, token } from "./session.ts";

export type Client = ReturnType<typeof createClient>;

const createClient = () => hc<Routes>(site().api, { headers: authorization, fetch: fetchApi });

let client: Client | undefined;
export const api = (): Client => (client ??= createClient());

/** `fetch` that reports an unreachable API, and signs out if the API rejects the current token. */
export async function fetchApi(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const tokenBefore = token.peek();
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    throw new ApiError("API_UNREACHABLE", "The API does not respond.", {
      hint: "Start the local cloud with `npm start`. This page then continues automatically.",
      cause,
    });
  }
  if (response.status === 401 && tokenBefore === token.peek()) signOut(await readProblem(response.clone()));
  return response;
}

/** The body of a successful response. Throws an ApiError for any other response. */
export async function readBody<R extends ClientResponse<unknown>>(response: Promise<R>) {
  try {
    return await parseResponse(response);
  } catch (error) {
    if (error instanceof DetailedError) throw toProblemError(error.statusCode, error.detail?.data);
    throw error;
  }
}

export async function readProblem(response: Response): Promise<ApiError> {
  return toProblemError(response.status, await response.json().catch(() => undefined));
}

/** Reads a file with the token, which an <img> element cannot send. */
export async function readBlob(path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await fetchApi(`${site().api}${path}`, { headers: authorization(), signal });
  if (response.ok) return response.blob();
  throw await readProblem(response);
}
