// The HTTP server: limits, timeouts, one log line for each request, and a drain that loses none.
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { InferenceError, asInferenceError } from "@sluice/inference/error.ts";
import { clientGone } from "./body.ts";
import type { Log } from "./log.ts";
import type { HttpResponse } from "./routes.ts";
import type { Settings } from "./settings.ts";

export type Serving = Awaited<ReturnType<typeof serve>>;

export async function serve(
  settings: Settings,
  route: (request: IncomingMessage, signal: AbortSignal) => Promise<HttpResponse>,
  log: Log,
) {
  let running = 0;
  let draining = false;

  // TCP keep-alive finds dead clients. An idle timer for each response would cost a hundredth of a small model's time.
  const server = createServer(
    { keepAlive: true, keepAliveInitialDelay: 60_000 },
    async (request, response) => {
      const started = performance.now();
      const isPing = request.url === "/ping";
      const stop = new AbortController();
      response.once("close", () => response.writableEnded || stop.abort(clientGone()));
      const result = await routeWithLimits(request, isPing, stop);
      send(request, response, result, draining);
      if (isPing && result.status === 200) return;
      log(result.status >= 500 ? "error" : result.status >= 400 ? "warn" : "info", "request", {
        method: request.method,
        path: request.url?.slice(0, 200),
        status: result.status,
        inferenceId: request.headers["x-amzn-sagemaker-inference-id"],
        ms: Math.round((performance.now() - started) * 100) / 100,
        ...result.logFields,
      });
    },
  );
  server.keepAliveTimeout = 0;
  server.headersTimeout = 20_000;
  server.requestTimeout = settings.requestTimeoutMs;

  function routeWithLimits(
    request: IncomingMessage,
    isPing: boolean,
    stop: AbortController,
  ): Promise<HttpResponse> {
    return new Promise((resolve) => {
      if (running >= settings.maxInFlight && !isPing)
        return resolve(errorResponse(busy(settings.maxInFlight)));
      running++;
      const timer = setTimeout(() => {
        const error = timedOut(settings.requestTimeoutMs);
        stop.abort(error);
        resolve(errorResponse(error));
      }, settings.requestTimeoutMs);
      // A running inference cannot be stopped: it counts as running until it has ended.
      const finish = (result: HttpResponse) => {
        running--;
        clearTimeout(timer);
        resolve(result);
      };
      route(request, stop.signal).then(finish, (thrown) => finish(errorResponse(thrown)));
    });
  }

  const port = await listen(server, settings);
  return {
    port,
    /** Accepts no new request, finishes the running ones, then closes. */
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

function send(request: IncomingMessage, response: ServerResponse, result: HttpResponse, isLast: boolean) {
  // Node would parse the rest of an unread body as the next request.
  if (!request.complete) request.resume();
  const { status, type, body = "" } = result;
  // As a flat list, which is how Node sends them: setHeader costs more.
  const headers = ["content-length", String(Buffer.byteLength(body))];
  if (type) headers.push("content-type", type);
  // Keep-alive connections would delay the drain.
  if (isLast) headers.push("connection", "close");
  response.writeHead(status, headers).end(body);
}

function errorResponse(thrown: unknown): HttpResponse {
  const error = asInferenceError(thrown);
  return {
    status: error.status,
    type: "application/json",
    body: JSON.stringify(error),
    logFields: {
      code: error.code,
      reason: error.message,
      ...(error.status >= 500 && { stack: causeOf(error) }),
    },
  };
}

function timedOut(ms: number) {
  return new InferenceError(
    "TIMED_OUT",
    504,
    `The request took longer than ${ms} ms.`,
    "Send a smaller input, or give the endpoint more memory: it gets more processors too.",
  );
}

function busy(limit: number) {
  return new InferenceError(
    "BUSY",
    503,
    `${limit} requests are already running or waiting.`,
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
