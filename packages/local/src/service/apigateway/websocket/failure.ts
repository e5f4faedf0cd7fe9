// What a client gets when an integration fails: as a message, or as the response to its handshake.
import type { Outcome } from "../invoke.ts";

type Failure = Extract<Outcome, { failure: string }>["failure"];

export const FAILURES: Record<Failure, { status: number; message: string }> = {
  function: { status: 502, message: "Internal server error" },
  timeout: { status: 504, message: "Endpoint request timed out" },
  throttled: { status: 500, message: "Internal server error" },
  "too-large": { status: 500, message: "Internal server error" },
  storage: { status: 503, message: "Service Unavailable" },
  other: { status: 500, message: "Internal server error" },
};

interface ProxyResponse {
  statusCode: number;
  headers: Record<string, unknown>;
  body?: string;
}

/** Undefined when the function's result is not a response of Lambda proxy integration. */
export function readProxyResponse(payload: string): ProxyResponse | undefined {
  let value: any;
  try {
    value = JSON.parse(payload);
  } catch {
    return undefined;
  }
  const status = Number(value?.statusCode ?? Number.NaN);
  if (!Number.isInteger(status) || status < 100 || status > 599) return undefined;
  const { headers, body } = value;
  if (body !== undefined && body !== null && typeof body !== "string") return undefined;
  return { statusCode: status, headers: headers ?? {}, body: body ?? undefined };
}
