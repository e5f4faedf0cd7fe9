import type { IncomingMessage } from "node:http";
import { InferenceError } from "@sluice/inference/error.ts";

/** The whole body, or a refusal as soon as it is known to be too large, or too late. */
export function readBody(request: IncomingMessage, maxBytes: number, signal: AbortSignal): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  return new Promise((resolve, reject) => {
    const refuse = () => {
      request.removeAllListeners("data");
      // What still arrives is thrown away, so that the client can read the answer.
      request.resume();
      reject(
        new InferenceError(
          "BODY_TOO_LARGE",
          413,
          `The body is larger than ${maxBytes} bytes.`,
          "Send a smaller picture; for large inputs use an asynchronous endpoint.",
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
    // Once its answer has been sent, Node tells neither of a body's end nor of its client's leaving.
    signal.addEventListener("abort", () => reject(signal.reason as Error));
    request.on("error", () => reject(clientGone()));
  });
}

/** Nobody reads this; the log's readers know 499 from other servers. */
export const clientGone = () =>
  new InferenceError("CLIENT_GONE", 499, "The client went away.", "Wait for the answer.");
