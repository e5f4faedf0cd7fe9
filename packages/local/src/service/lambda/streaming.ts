// Streams a function's response to the client.
import type { ServerResponse } from "node:http";
import type { Clock } from "../../kernel/clock.ts";
import { toResponseHead } from "./http/response.ts";
import { ABANDONED_STREAM_MS } from "./limits.ts";
import type { StreamSink } from "./worker.ts";

const HTTP_INTEGRATION_RESPONSE = "application/vnd.awslambda.http-integration-response";
const PRELUDE_END = Buffer.alloc(8);
const PRELUDE_BYTES = 64 * 1024;

export function streamResponse(
  response: ServerResponse,
  clock: Clock,
  cors: Record<string, string>,
): StreamSink {
  return {
    async receive(contentType, body, abandon) {
      let closed = false;
      // The handler sees its stream close. A handler that ignores it is killed a little later.
      const hangUp = () => {
        if (closed || response.writableFinished) return;
        closed = true;
        body.destroy();
        clock.after(ABANDONED_STREAM_MS, abandon);
      };
      response.once("close", hangUp);
      if (response.destroyed) hangUp();
      let waiting: Buffer | undefined =
        contentType === HTTP_INTEGRATION_RESPONSE ? Buffer.alloc(0) : undefined;
      if (!waiting) response.writeHead(200, { "content-type": contentType, ...cors });
      try {
        for await (const chunk of body as AsyncIterable<Buffer>) {
          let rest = chunk;
          if (waiting) {
            waiting = Buffer.concat([waiting, chunk]);
            const end = waiting.indexOf(PRELUDE_END);
            if (end < 0 && waiting.length > PRELUDE_BYTES)
              throw new Error("the prelude of a streamed response has no end");
            if (end < 0) continue;
            writeHead(response, waiting.subarray(0, end), cors);
            rest = waiting.subarray(end + PRELUDE_END.length);
            waiting = undefined;
          }
          if (rest.length > 0 && !response.write(rest)) await drained(response);
        }
        if (body.trailers["lambda-runtime-function-error-type"]) response.destroy();
        else response.end();
        return true;
      } catch {
        // The worker died or the client disconnected: a clean end would hide that.
        response.destroy();
        return false;
      }
    },
  };
}

function writeHead(response: ServerResponse, prelude: Buffer, cors: Record<string, string>) {
  const head = toResponseHead(JSON.parse(prelude.toString()));
  if (!head) throw new Error("the prelude of a streamed response is not a status and headers");
  response.writeHead(head.statusCode, { ...head.headers, ...cors });
  response.flushHeaders();
}

const drained = (response: ServerResponse) =>
  new Promise<void>((resolve) => {
    response.once("drain", resolve).once("close", resolve);
  });
