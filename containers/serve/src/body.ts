import type { IncomingMessage } from "node:http";
import { InferenceError } from "@sluice/inference/error.ts";

/** Rejects as soon as the body is too large or the signal aborts. */
export function readBody(request: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  return new Promise((resolve, reject) => {
    const refuse = () => {
      request.removeAllListeners("data");
      // Discards the rest, so that the client can read the response.
      request.resume();
      reject(
        new InferenceError(
          "BODY_TOO_LARGE",
          413,
          `The body is larger than ${maxBytes} bytes.`,
          "Send a smaller image; for large inputs use an asynchronous endpoint.",
        ),
      );
    };
    if (declared > maxBytes) return refuse();
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > maxBytes) refuse();
      else chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length)));
    // After the response Node emits neither the body's end nor the client's disconnect.
    signal.addEventListener("abort", () => reject(signal.reason as Error));
    request.on("error", () => reject(clientGone()));
  });
}

/** Only for the log: 499 is the usual status of a client that disconnected. */
export const clientGone = () =>
  new InferenceError("CLIENT_GONE", 499, "The client closed the connection.", "Wait for the response.");
