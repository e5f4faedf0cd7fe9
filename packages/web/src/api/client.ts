// The API, typed by its own routes.
import type { Routes } from "@sluice/api/app.ts";
import { type ClientResponse, hc } from "hono/client";
import { site } from "./config.ts";
import { ApiError, problemOf } from "./problem.ts";
import { authorization, leave, token } from "./session.ts";

export type Client = ReturnType<typeof connect>;

const connect = () => hc<Routes>(site().api, { headers: authorization, fetch: reach });

let client: Client | undefined;
export const api = (): Client => (client ??= connect());

/** `fetch`, but what is not reachable says so, and a token that is not taken any more is given up. */
export async function reach(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const asked = token.peek();
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    throw new ApiError("API_UNREACHABLE", "The API does not answer.", {
      hint: "Is it running? `npm start` starts the local one; then this page goes on by itself.",
      cause,
    });
  }
  if (response.status === 401 && asked === token.peek()) leave(await problemOf(response.clone()));
  return response;
}

/** What the good answers of a route hold. */
type Good<R> =
  R extends ClientResponse<infer T, infer S, infer _F> ? (S extends 200 | 201 | 202 ? T : never) : never;

/** The body of a good answer; a problem is thrown as an ApiError. */
export async function body<R extends ClientResponse<unknown>>(answer: Promise<R>): Promise<Good<R>> {
  const response = await answer;
  if (response.ok) return (await response.json()) as Good<R>;
  throw await problemOf(response);
}

/** A picture, with the token it needs. */
export async function blob(path: string, signal?: AbortSignal): Promise<Blob> {
  const response = await reach(`${site().api}${path}`, { headers: authorization(), signal });
  if (response.ok) return response.blob();
  throw await problemOf(response);
}
