// One worker: a child process that runs one function, one invocation at a time, with its own Lambda Runtime API server.
import { spawn, type ChildProcess } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { Clock } from "../../kernel/clock.ts";
import type { Bundle } from "./bundle.ts";
import { INIT_TIMEOUT_MS } from "./limits.ts";
import { readOutput, type OutputReader } from "./output.ts";

export interface WorkerInvocation {
  requestId: string;
  payload: string;
  arn: string;
  traceId: string;
  clientContext?: string;
  /** Present when the client receives a streamed response. */
  stream?: StreamSink;
}

export interface StreamSink {
  /** Forwards the response. Resolves to whether it was complete. `abandon` kills the handler. */
  receive(contentType: string, body: IncomingMessage, abandon: () => void): Promise<boolean>;
}

export type RunOutcome =
  | { kind: "answer"; payload: string; streaming?: boolean }
  | { kind: "error"; payload: string; lost?: "timeout" | "exit" };

export interface CompletedRun {
  outcome: RunOutcome;
  durationMs: number;
  maxMemoryMb: number;
}

export interface WorkerOptions {
  env: Record<string, string>;
  bootstrap: string;
  bundle: Bundle;
  memoryMb: number;
  timeoutMs: number;
  clock: Clock;
  cwd: string;
  onLine(line: string): void;
}

interface CurrentRun {
  job: WorkerInvocation;
  sent: boolean;
  finish(outcome: RunOutcome): void;
}

export class Worker {
  readonly bundle: Bundle;
  readonly ready: Promise<void>;
  readonly exited: Promise<void>;
  initMs = 0;
  alive = true;
  #options: WorkerOptions;
  #child: ChildProcess | undefined;
  #server = createServer(
    { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 },
    (request, response) => {
      this.#api(request, response).catch(() => response.destroy());
    },
  );
  #output: OutputReader | undefined;
  #waiting: ServerResponse | undefined;
  #running: CurrentRun | undefined;
  #initError: string | undefined;
  #exitReason = "";
  #becomeReady!: () => void;
  #becomeFree = () => {};
  #becomeExited!: () => void;

  constructor(options: WorkerOptions) {
    this.#options = options;
    this.bundle = options.bundle;
    this.ready = new Promise((resolve) => (this.#becomeReady = resolve));
    this.exited = new Promise((resolve) => (this.#becomeExited = resolve));
    const from = options.clock.now();
    void this.ready.then(() => (this.initMs = options.clock.now() - from));
    this.#server.listen(0, "127.0.0.1", () => this.#spawn((this.#server.address() as AddressInfo).port));
  }

  /** Runs one invocation. Never rejects: a crash, a timeout or a failed start is an outcome. */
  async run(job: WorkerInvocation): Promise<CompletedRun> {
    const { clock, timeoutMs } = this.#options;
    const cancelInit = clock.after(INIT_TIMEOUT_MS, () => this.kill());
    await this.ready;
    cancelInit();
    const started = clock.now();
    let cancelTimeout = () => {};
    const outcome = await new Promise<RunOutcome>((finish) => {
      if (!this.alive) return finish(this.#exitOutcome(job));
      this.#running = { job, finish, sent: false };
      cancelTimeout = clock.after(timeoutMs, () => {
        finish(timedOut(job, timeoutMs));
        this.kill();
      });
      this.#hand();
    });
    cancelTimeout();
    this.#running = undefined;
    await this.#output?.drained(job.requestId, this.exited);
    return { outcome, durationMs: clock.now() - started, maxMemoryMb: this.#output?.maxMemoryMb() ?? 0 };
  }

  kill() {
    this.#child?.kill("SIGKILL");
  }

  #spawn(port: number) {
    const { env, bootstrap, memoryMb, cwd } = this.#options;
    // Reserve a tenth, at most 50 MB, for the runtime.
    const heapMb = Math.round(memoryMb - Math.min(50, memoryMb / 10));
    const child = spawn(
      process.execPath,
      [
        `--max-old-space-size=${heapMb}`,
        // Node's default of 16 MB keeps 100 MB of garbage in each busy process.
        "--max-semi-space-size=2",
        "--enable-source-maps",
        "--disable-warning=ExperimentalWarning",
        bootstrap,
      ],
      { cwd, env: { ...env, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${port}` }, stdio: ["pipe", "pipe", "pipe"] },
    );
    this.#child = child;
    this.#output = readOutput(child, this.#options.onLine);
    child.stdin.on("error", () => {});
    child.on("error", (error) => this.#ended(`Error: Runtime failed to start: ${error.message}`));
    // A process that the handler started may keep the pipes open: close them half a second after the exit.
    child.on("exit", () =>
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, 500).unref(),
    );
    child.on("close", (code, signal) =>
      this.#ended(
        `Error: Runtime exited with error: ${signal ? `signal: ${signal}` : `exit status ${code}`}`,
      ),
    );
  }

  #ended(reason: string) {
    if (!this.alive) return;
    this.alive = false;
    this.#exitReason = reason;
    this.#server.close();
    this.#server.closeAllConnections();
    this.#becomeReady();
    this.#becomeFree();
    this.#becomeExited();
    const running = this.#running;
    running?.finish(this.#exitOutcome(running.job));
  }

  #exitOutcome(job: WorkerInvocation): RunOutcome {
    const error = {
      errorType: "Runtime.ExitError",
      errorMessage: `RequestId: ${job.requestId} ${this.#exitReason}`,
    };
    return { kind: "error", payload: this.#initError ?? JSON.stringify(error), lost: "exit" };
  }

  async #api(request: IncomingMessage, response: ServerResponse) {
    // Only this worker's runtime may call: reject browsers, which always send one of these headers.
    const { host, origin, "sec-fetch-site": site } = request.headers;
    if (origin !== undefined || site !== undefined || !host?.startsWith("127.0.0.1:"))
      return void response.writeHead(403).end();
    const [id, verb] = (request.url ?? "").replace("/2018-06-01/runtime/", "").split("/").slice(-2);
    if (verb === "next") {
      this.#waiting = response;
      this.#becomeReady();
      this.#becomeFree();
      return this.#hand();
    }
    if (id === "init") {
      this.#initError = await text(request);
      return accept(response);
    }
    const running = this.#running;
    if (!running || running.job.requestId !== id) {
      request.resume();
      response.writeHead(400, { "content-type": "application/json" });
      return void response.end(
        JSON.stringify({ errorType: "InvalidRequestID", errorMessage: "Invalid request ID" }),
      );
    }
    if (verb === "error") running.finish({ kind: "error", payload: await text(request) });
    else running.finish(await this.#answer(running.job, request));
    accept(response);
  }

  async #answer(job: WorkerInvocation, request: IncomingMessage): Promise<RunOutcome> {
    const streaming = request.headers["lambda-runtime-function-response-mode"] === "streaming";
    if (!streaming || !job.stream) return { kind: "answer", payload: await text(request) };
    const type = request.headers["content-type"] ?? "application/octet-stream";
    const whole = await job.stream.receive(type, request, () => this.#running?.job === job && this.kill());
    // The handler is still running: the worker is free when it requests the next invocation, or exits.
    if (!whole) await new Promise<void>((resolve) => (this.#becomeFree = resolve));
    const failure = request.trailers["lambda-runtime-function-error-body"];
    if (failure) return { kind: "error", payload: Buffer.from(failure, "base64").toString() };
    return { kind: "answer", payload: "", streaming: true };
  }

  #hand() {
    if (!this.#waiting || !this.#running || this.#running.sent) return;
    const { job } = this.#running;
    this.#running.sent = true;
    const now = this.#options.clock.now();
    this.#waiting.writeHead(200, {
      "content-type": "application/json",
      "lambda-runtime-aws-request-id": job.requestId,
      "lambda-runtime-deadline-ms": String(now + this.#options.timeoutMs),
      "lambda-runtime-clock-ms": String(now),
      "lambda-runtime-invoked-function-arn": job.arn,
      "lambda-runtime-trace-id": job.traceId,
      ...(job.clientContext && { "lambda-runtime-client-context": job.clientContext }),
    });
    this.#waiting.end(job.payload);
    this.#waiting = undefined;
  }
}

function accept(response: ServerResponse) {
  response.writeHead(202, { "content-type": "application/json" });
  response.end('{"status":"OK"}');
}

function timedOut(job: WorkerInvocation, timeoutMs: number): RunOutcome {
  const seconds = (timeoutMs / 1000).toFixed(2);
  const error = {
    errorType: "Sandbox.Timedout",
    errorMessage: `RequestId: ${job.requestId} Error: Task timed out after ${seconds} seconds`,
  };
  return { kind: "error", payload: JSON.stringify(error), lost: "timeout" };
}
