// The workers of one function. Idle workers are reused until the source changes; invocations beyond the limits wait or fail.
import { randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import { mkdirSync } from "node:fs";
import { AwsError } from "../../kernel/error.ts";
import { delay } from "../../kernel/clock.ts";
import type { Kernel } from "../../kernel/service.ts";
import { BuildFailed, type Bundle } from "./bundle.ts";
import type { Definition } from "./definition.ts";
import { functionEnvironment } from "./environment.ts";
import { openLogStream, type LogStream } from "./log-stream.ts";
import { IDLE_WORKER_MS, STREAMS_PER_FUNCTION, WORKERS_PER_FUNCTION } from "./limits.ts";
import type { Meter } from "./meter.ts";
import { limitResponse, failureLine, reportLine } from "./report.ts";
import { Worker, type StreamSink } from "./worker.ts";

export interface InvocationRequest {
  requestId?: string;
  payload: string;
  clientContext?: string;
  stream?: StreamSink;
}

export interface InvocationResult {
  requestId: string;
  payload: string;
  /** "Unhandled" when the function failed. */
  functionError?: string;
  /** The last 4 KB of log, base64. */
  tail: string;
}

export interface Fleet {
  definition: Definition;
  /** Rejects with TooManyRequestsException beyond the concurrency limit. Failures of the function are results. */
  invoke(request: InvocationRequest): Promise<InvocationResult>;
  warmUp(): Promise<void>;
  stop(): Promise<void>;
}

interface WorkerSlot {
  worker: Worker;
  logStream: LogStream;
  cancelIdle?: () => void;
  used: boolean;
}

export interface FleetOptions {
  kernel: Kernel;
  definition: Definition;
  bootstrap(): Promise<string>;
  bundle(handler: string): Promise<Bundle>;
  /** The account's and the function's concurrency. `acquire` throws at the limit. */
  account: { acquire(definition: Definition): void; release(definition: Definition): void };
  meter: Meter;
}

export function createFleet({ kernel, definition, bootstrap, bundle, account, meter }: FleetOptions): Fleet {
  const { clock } = kernel;
  const idle: WorkerSlot[] = [];
  const running = new Set<WorkerSlot>();
  const queue: Array<() => void> = [];
  const busy = { buffered: 0, streams: 0 };
  const home = path.join(kernel.dir("lambda"), "homes", definition.name);
  let stopped = false;

  const currentBundle = () => {
    if (!definition.handler)
      throw new BuildFailed(`The graph has no source for ${definition.resource}, so it cannot run.`);
    return bundle(definition.handler);
  };

  async function openSlot(code: Bundle): Promise<WorkerSlot> {
    mkdirSync(home, { recursive: true });
    const logStream = openLogStream(kernel, definition);
    const worker = new Worker({
      env: functionEnvironment(kernel, definition, code, logStream.stream, home),
      bootstrap: await bootstrap(),
      bundle: code,
      memoryMb: definition.memoryMb,
      timeoutMs: definition.timeoutMs,
      clock,
      cwd: code.folder,
      onLine: logStream.write,
    });
    const slot: WorkerSlot = { worker, logStream, used: false };
    running.add(slot);
    void worker.exited.then(() => {
      running.delete(slot);
      removeIdle(slot);
      return logStream.flush();
    });
    return slot;
  }

  const removeIdle = (slot: WorkerSlot) => {
    slot.cancelIdle?.();
    const at = idle.indexOf(slot);
    if (at >= 0) idle.splice(at, 1);
  };

  async function acquire(): Promise<WorkerSlot> {
    const code = await currentBundle();
    for (;;) {
      if (stopped) throw stoppingError();
      const slot = idle.pop();
      if (!slot) return openSlot(code);
      slot.cancelIdle?.();
      if (slot.worker.alive && slot.worker.bundle.digest === code.digest) return slot;
      slot.worker.kill();
    }
  }

  function release(slot: WorkerSlot) {
    if (!slot.worker.alive) return;
    if (stopped) return slot.worker.kill();
    idle.push(slot);
    slot.cancelIdle = clock.after(IDLE_WORKER_MS, () => {
      removeIdle(slot);
      slot.worker.kill();
    });
  }

  async function waitForTurn(streaming: boolean) {
    if (streaming && busy.streams >= STREAMS_PER_FUNCTION)
      throw tooMany(`${STREAMS_PER_FUNCTION} open streams`);
    if (streaming) return void busy.streams++;
    if (busy.buffered >= WORKERS_PER_FUNCTION) return new Promise<void>((resolve) => queue.push(resolve));
    busy.buffered++;
  }

  function endTurn(streaming: boolean) {
    if (streaming) return void busy.streams--;
    const next = queue.shift();
    if (next) next();
    else busy.buffered--;
  }

  /** Applies a fault rule: errors and delays before or after the run, "reset" as a crash during it. */
  async function runWithFault(request: InvocationRequest, requestId: string): Promise<InvocationResult> {
    const fault = kernel.fault("lambda:invoke", { function: definition.name });
    if (fault?.kind === "delay") await delay(clock, fault.ms ?? 0);
    const refuse = () => {
      if (fault?.kind === "error")
        throw new AwsError(
          fault.code ?? "ServiceException",
          fault.message ?? "A fault rule caused this error.",
          {
            status: fault.status ?? 500,
          },
        );
    };
    if (fault?.when !== "after") refuse();
    const result = await run(request, requestId, fault?.kind === "reset");
    refuse();
    return result;
  }

  async function run(
    request: InvocationRequest,
    requestId: string,
    crash: boolean,
  ): Promise<InvocationResult> {
    let slot: WorkerSlot;
    try {
      slot = await acquire();
    } catch (error) {
      if (!(error instanceof BuildFailed)) throw error;
      return buildFailure(error, requestId);
    }
    const { worker, logStream } = slot;
    const cold = !slot.used;
    slot.used = true;
    logStream.startTail();
    logStream.write(`START RequestId: ${requestId} Version: $LATEST`);
    if (crash) void worker.ready.then(() => worker.kill());
    const completed = await worker.run({
      requestId,
      payload: request.payload,
      arn: definition.arn,
      traceId: `Root=1-${Math.floor(clock.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")}`,
      clientContext: request.clientContext,
      stream: request.stream,
    });
    const outcome = limitResponse(completed.outcome);
    if (outcome.kind === "error" && outcome.lost) logStream.write(failureLine(outcome.payload));
    logStream.write(`END RequestId: ${requestId}`);
    logStream.write(reportLine(requestId, completed, definition.memoryMb, cold ? worker.initMs : undefined));
    // Flush before responding, so that the caller can read the log.
    await logStream.flush();
    meter.recordRun(definition.name, completed.durationMs, outcome.kind === "error");
    const tail = logStream.tail();
    release(slot);
    return {
      requestId,
      payload: outcome.payload,
      tail,
      ...(outcome.kind === "error" && { functionError: "Unhandled" }),
    };
  }

  async function buildFailure(error: Error, requestId: string): Promise<InvocationResult> {
    const logStream = openLogStream(kernel, definition);
    logStream.write(error.message);
    kernel.log("error", error.message, { function: definition.name });
    await logStream.flush();
    meter.recordRun(definition.name, 0, true);
    const payload = { errorType: "Runtime.BuildFailed", errorMessage: error.message, trace: [] };
    return {
      requestId,
      payload: JSON.stringify(payload),
      functionError: "Unhandled",
      tail: logStream.tail(),
    };
  }

  return {
    definition,
    async invoke(request) {
      if (stopped) throw stoppingError();
      const streaming = request.stream !== undefined;
      try {
        account.acquire(definition);
      } catch (error) {
        meter.recordThrottle(definition.name);
        throw error;
      }
      try {
        await waitForTurn(streaming);
        try {
          return await runWithFault(request, request.requestId ?? randomUUID());
        } finally {
          endTurn(streaming);
        }
      } finally {
        account.release(definition);
      }
    },
    async warmUp() {
      if (definition.handler) await currentBundle().catch(() => {});
    },
    async stop() {
      stopped = true;
      const exits = [...running].map(async ({ worker, logStream }) => {
        worker.kill();
        await worker.exited;
        await logStream.flush();
      });
      await Promise.all(exits);
    },
  };
}

const stoppingError = () => new AwsError("ServiceException", "Lambda is stopping.", { status: 500 });

export function tooMany(reason: string) {
  return new AwsError("TooManyRequestsException", `Rate Exceeded: ${reason}.`, {
    status: 429,
    fields: { Reason: "ConcurrentInvocationLimitExceeded", Type: "User" },
  });
}
