// The API, typed by its own routes. Its problems become failures with the exit code that fits.
import type { Routes } from "@sluice/api/app.ts";
import { type ClientResponse, hc } from "hono/client";
import { EXIT, type ExitCode, Failure } from "./failure.ts";
import type { Target } from "./target.ts";

export function connect(target: Target) {
  return hc<Routes>(target.api, { headers: authorization(target), fetch: reach });
}

export type Client = ReturnType<typeof connect>;

export const authorization = ({ token }: Target): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {};

export async function reach(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(input, init);
  } catch (cause) {
    const url = new URL(input instanceof Request ? input.url : String(input));
    throw new Failure("API_UNREACHABLE", `${url.origin} does not answer.`, {
      exit: EXIT.unreachable,
      hint: "Is it running? `npm start` starts the local one; `sluice doctor` looks further.",
      cause,
    });
  }
}

interface ProblemBody {
  code: string;
  detail: string;
  hint: string;
}

const EXITS: Record<number, ExitCode> = {
  400: EXIT.usage,
  401: EXIT.denied,
  403: EXIT.denied,
  404: EXIT.missing,
  503: EXIT.unreachable,
};

/** What the good answers of a route hold. */
type Good<R> =
  R extends ClientResponse<infer T, infer S, infer _F> ? (S extends 200 | 201 | 202 ? T : never) : never;

/** The body of a good answer; a problem is thrown. */
export async function body<R extends ClientResponse<unknown>>(answer: Promise<R>): Promise<Good<R>> {
  const response = await answer;
  if (response.ok) return (await response.json()) as Good<R>;
  throw await failureOf(response);
}

export async function failureOf(response: { status: number; json(): Promise<unknown> }): Promise<Failure> {
  const problem = (await response.json().catch(() => undefined)) as ProblemBody | undefined;
  // These two are said by what stands before the API, which knows nothing of problems.
  if (response.status === 413 && problem?.code === undefined)
    return new Failure("OBJECT_TOO_LARGE", "The API takes no request of this size.", {
      exit: EXIT.usage,
      hint: "Scale the picture down, or send it to the bucket: `sluice upload`.",
    });
  if (response.status === 503 && problem?.code === undefined)
    return new Failure("API_UNAVAILABLE", "The API cannot answer just now.", {
      exit: EXIT.unreachable,
      hint: "It may still be starting: try again in a moment.",
    });
  return new Failure(
    problem?.code ?? `HTTP_${response.status}`,
    problem?.detail ?? `The API answered ${response.status}.`,
    {
      exit: EXITS[response.status] ?? EXIT.failed,
      hint: problem?.hint,
    },
  );
}
