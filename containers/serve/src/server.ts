// The HTTP side: bounds, time limits, one log line a request, and a way to stop that loses none.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { InferenceError, asInferenceError } from "@sluice/inference/error.ts";
import { clientGone } from "./body.ts";
import type { Log } from "./log.ts";
import type { Reply } from "./routes.ts";
import type { Settings } from "./settings.ts";

export interface Serving {
  port: number;
  /** Takes no new request, waits for those at work, then closes. */
  drain(): Promise<void>;
}

export async function serve(
  settings: Settings,
  route: (request: IncomingMessage, signal: AbortSignal) => Promise<Reply>,
  log: Log,
): Promise<Serving> {
  let working = 0;
  let draining = false;

  // A connection may stay idle for as long as the other side lives, which the system asks from time to time: a timer for each
  // answer would cost a hundredth of a small model's time.
  const server = createServer(
    { keepAlive: true, keepAliveInitialDelay: 60_000 },
    async (request, response) => {
      const started = performance.now();
      const ping = request.url === "/ping";
      const stop = new AbortController();
      response.once("close", () => response.writableEnded || stop.abort(clientGone()));
      const reply = await limited(request, ping, stop);
      send(request, response, reply, draining);
      if (ping && reply.status === 200) return;
      log(reply.status >= 500 ? "error" : reply.status >= 400 ? "warn" : "info", "request", {
        method: request.method,
        path: request.url?.slice(0, 200),
        status: reply.status,
        inferenceId: request.headers["x-amzn-sagemaker-inference-id"],
        ms: Math.round((performance.now() - started) * 100) / 100,
        ...reply.note,
      });
    },
  );
  server.keepAliveTimeout = 0;
  server.headersTimeout = 20_000;
  server.requestTimeout = settings.requestTimeoutMs;

  function limited(request: IncomingMessage, ping: boolean, stop: AbortController): Promise<Reply> {
    return new Promise((resolve) => {
      if (working >= settings.maxInFlight && !ping) return resolve(refusal(busy(settings.maxInFlight)));
      working++;
      const timer = setTimeout(() => {
        const error = late(settings.requestTimeoutMs);
        stop.abort(error);
        resolve(refusal(error));
      }, settings.requestTimeoutMs);
      // A running inference cannot be stopped: past its time it still counts as work until it has ended.
      const ended = (reply: Reply) => {
        working--;
        clearTimeout(timer);
        resolve(reply);
      };
      route(request, stop.signal).then(ended, (thrown) => ended(refusal(thrown)));
    });
  }

  const port = await listen(server, settings);
  return {
    port,
    async drain() {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), settings.drainMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply, last: boolean) {
  // A body nobody read would otherwise be taken for the next request's start.
  if (!request.complete) request.resume();
  const { status, type, body = "" } = reply;
  // Said as Node sends it: headers set one by one are collected, counted and gone through again.
  const headers = ["content-length", String(Buffer.byteLength(body))];
  if (type) headers.push("content-type", type);
  // A connection kept alive would hold the drain up.
  if (last) headers.push("connection", "close");
  response.writeHead(status, headers).end(body);
}

function refusal(thrown: unknown): Reply {
  const error = asInferenceError(thrown);
  return {
    status: error.status,
    type: "application/json",
    body: JSON.stringify(error),
    note: {
      code: error.code,
      reason: error.message,
      ...(error.status >= 500 && { stack: causeOf(error) }),
    },
  };
}

function late(ms: number) {
  return new InferenceError(
    "TIMED_OUT",
    504,
    `No answer within ${ms} ms.`,
    "Send a smaller input, or give the endpoint more memory: processors come with it.",
  );
}

function busy(most: number) {
  return new InferenceError(
    "BUSY",
    503,
    `${most} requests are at work or waiting already.`,
    "Try again shortly, or raise the endpoint's concurrency.",
  );
}

const causeOf = (error: InferenceError) => (error.cause instanceof Error ? error.cause.stack : error.stack);

function listen(server: Server, { host, port }: Settings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => resolve((server.address() as { port: number }).port));
  });
}
