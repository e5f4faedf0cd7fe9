// Sends a POST request to a webhook: without redirects, within a time, and without reading the response's body.
import * as http from "node:http";
import * as https from "node:https";
import { SluiceError, toSluiceError } from "../error/error.ts";
import { type AddressPolicy, checkedLookup } from "./address.ts";

const TIMEOUT_MS = 10_000;

interface Post {
  headers: Record<string, string>;
  body: string;
  policy: AddressPolicy;
  timeoutMs?: number;
}

/** Fails unless the receiver responds with a 2xx status. Errors name the host only: the path may be a secret. */
export async function postJson(
  url: URL,
  { headers, body, policy, timeoutMs = TIMEOUT_MS }: Post,
): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  const fail = (what: string, cause?: unknown) =>
    new SluiceError("WEBHOOK_FAILED", `The webhook at ${url.host} ${what}.`, { cause, retryable: true });
  const status = await request(url, { headers, body, policy, signal }).catch((error: Error) => {
    const cause = error.cause instanceof SluiceError ? error.cause : error;
    if (cause instanceof SluiceError) throw cause;
    throw signal.aborted
      ? fail(`did not respond within ${timeoutMs / 1_000} s`)
      : fail(`could not be reached: ${toSluiceError(error).message}`, error);
  });
  if (status >= 300 && status < 400) throw fail(`redirected (HTTP ${status}). Redirects are not followed`);
  if (status < 200 || status >= 300) throw fail(`returned HTTP ${status}`);
}

interface Request extends Omit<Post, "timeoutMs"> {
  signal: AbortSignal;
}

function request(url: URL, { headers, body, policy, signal }: Request): Promise<number> {
  const { request: send } = url.protocol === "https:" ? https : http;
  return new Promise((resolve, reject) => {
    const sent = send(
      url,
      {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "user-agent": "Sluice",
          ...headers,
        },
        signal,
        // A separate connection: the address is checked at each connection.
        agent: false,
        lookup: checkedLookup(policy),
      },
      (response) => {
        resolve(response.statusCode ?? 0);
        response.destroy();
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
