// The workers of one function: warm ones are used again, a changed source gets new ones, too many at once wait or are refused.
import { randomBytes, randomUUID } from "node:crypto";
import path from "node:path";
import { mkdirSync } from "node:fs";
import { AwsError } from "../../kernel/error.ts";
import type { Kernel } from "../../kernel/service.ts";
import { BuildFailed, type Bundle } from "./bundle.ts";
import type { Definition } from "./definition.ts";
import { environmentOf } from "./environment.ts";
import { openJournal, type Journal } from "./journal.ts";
import { IDLE_WORKER_MS, STREAMS_PER_FUNCTION, WORKERS_PER_FUNCTION } from "./limits.ts";
import type { Meter } from "./meter.ts";
import { bounded, lastWords, report } from "./report.ts";
import { Worker, type StreamSink } from "./worker.ts";

export interface Request {
  requestId?: string;
  payload: string;
  clientContext?: string;
  stream?: StreamSink;
}

export interface Reply {
  requestId: string;
  payload: string;
  /** "Unhandled" when the function failed. */
  functionError?: string;
  /** The last 4 KB of log, base64. */
  tail: string;
}

export interface Fleet {
  definition: Definition;
  /** Rejects with TooManyRequestsException when the concurrency is used up; every other end is a reply. */
  invoke(request: Request): Promise<Reply>;
  warmUp(): Promise<void>;
  stop(): Promise<void>;
}

interface Place {
  worker: Worker;
  journal: Journal;
  cancelIdle?: () => void;
  used: boolean;
}

export interface FleetOptions {
  kernel: Kernel;
  definition: Definition;
  bootstrap(): Promise<string>;
  bundle(handler: string): Promise<Bundle>;
  /** Concurrency is an account's as well as a function's. Throws when there is none left. */
  account: { take(definition: Definition): void; give(definition: Definition): void };
  meter: Meter;
}

export function createFleet({ kernel, definition, bootstrap, bundle, account, meter }: FleetOptions): Fleet {
  const { clock } = kernel;
  const idle: Place[] = [];
  const live = new Set<Place>();
  const queue: Array<() => void> = [];
  const busy = { buffered: 0, streams: 0 };
  const home = path.join(kernel.dir("lambda"), "homes", definition.name);
  let stopped = false;

  const currentBundle = () => {
    if (!definition.handler)
      throw new BuildFailed(`The graph names no source for ${definition.resource}: it cannot run here.`);
    return bundle(definition.handler);
  };

  async function open(code: Bundle): Promise<Place> {
    mkdirSync(home, { recursive: true });
    const journal = openJournal(kernel, definition.logGroup, definition.role, definition.name);
    const worker = new Worker({
      env: environmentOf(kernel, definition, code, journal.stream, home),
      bootstrap: await bootstrap(),
      bundle: code,
      memoryMb: definition.memoryMb,
      timeoutMs: definition.timeoutMs,
      clock,
      cwd: code.folder,
      onLine: journal.write,
    });
    const place: Place = { worker, journal, used: false };
    live.add(place);
    void worker.exited.then(() => {
      live.delete(place);
      forget(place);
      return journal.flush();
    });
    return place;
  }

  const forget = (place: Place) => {
    place.cancelIdle?.();
    const at = idle.indexOf(place);
    if (at >= 0) idle.splice(at, 1);
  };

  async function borrow(): Promise<Place> {
    const code = await currentBundle();
    for (;;) {
      if (stopped) throw stopping();
      const place = idle.pop();
      if (!place) return open(code);
      place.cancelIdle?.();
      if (place.worker.alive && place.worker.bundle.digest === code.digest) return place;
      place.worker.kill();
    }
  }

  function giveBack(place: Place) {
    if (!place.worker.alive) return;
    if (stopped) return place.worker.kill();
    idle.push(place);
    place.cancelIdle = clock.after(IDLE_WORKER_MS, () => {
      forget(place);
      place.worker.kill();
    });
  }

  async function enter(streaming: boolean) {
    if (streaming && busy.streams >= STREAMS_PER_FUNCTION)
      throw tooMany(`${STREAMS_PER_FUNCTION} open streams`);
    if (streaming) return void busy.streams++;
    if (busy.buffered >= WORKERS_PER_FUNCTION) return new Promise<void>((resolve) => queue.push(resolve));
    busy.buffered++;
  }

  function leave(streaming: boolean) {
    if (streaming) return void busy.streams--;
    const next = queue.shift();
    if (next) next();
    else busy.buffered--;
  }

  /** What the fault plan asks for happens here: errors and delays around the run, "reset" as a crash within it. */
  async function runFaulty(request: Request, requestId: string): Promise<Reply> {
    const fault = kernel.fault("lambda:invoke", { function: definition.name });
    if (fault?.kind === "delay") await new Promise<void>((resolve) => clock.after(fault.ms ?? 0, resolve));
    const refuse = () => {
      if (fault?.kind === "error")
        throw new AwsError(
          fault.code ?? "ServiceException",
          fault.message ?? "The fault plan asked for this error.",
          {
            status: fault.status ?? 500,
          },
        );
    };
    if (fault?.when !== "after") refuse();
    const reply = await run(request, requestId, fault?.kind === "reset");
    refuse();
    return reply;
  }

  async function run(request: Request, requestId: string, crash: boolean): Promise<Reply> {
    let place: Place;
    try {
      place = await borrow();
    } catch (error) {
      if (!(error instanceof BuildFailed)) throw error;
      return buildFailure(error, requestId);
    }
    const { worker, journal } = place;
    const cold = !place.used;
    place.used = true;
    journal.mark();
    journal.write(`START RequestId: ${requestId} Version: $LATEST`);
    if (crash) void worker.ready.then(() => worker.kill());
    const ended = await worker.run({
      requestId,
      payload: request.payload,
      arn: definition.arn,
      traceId: `Root=1-${Math.floor(clock.now() / 1000).toString(16)}-${randomBytes(12).toString("hex")}`,
      clientContext: request.clientContext,
      stream: request.stream,
    });
    const outcome = bounded(ended.outcome);
    if (outcome.kind === "error" && outcome.lost) journal.write(lastWords(outcome.payload));
    journal.write(`END RequestId: ${requestId}`);
    journal.write(report(requestId, ended, definition.memoryMb, cold ? worker.initMs : undefined));
    // Once the caller has its answer the log of it can be read, as far as one process can promise that.
    await journal.flush();
    meter.ended(definition.name, ended.durationMs, outcome.kind === "error");
    const tail = journal.tail();
    giveBack(place);
    return {
      requestId,
      payload: outcome.payload,
      tail,
      ...(outcome.kind === "error" && { functionError: "Unhandled" }),
    };
  }

  async function buildFailure(error: Error, requestId: string): Promise<Reply> {
    const journal = openJournal(kernel, definition.logGroup, definition.role, definition.name);
    journal.write(`${error.message}`);
    kernel.log("error", error.message, { function: definition.name });
    await journal.flush();
    meter.ended(definition.name, 0, true);
    const payload = { errorType: "Runtime.BuildFailed", errorMessage: error.message, trace: [] };
    return { requestId, payload: JSON.stringify(payload), functionError: "Unhandled", tail: journal.tail() };
  }

  return {
    definition,
    async invoke(request) {
      if (stopped) throw stopping();
      const streaming = request.stream !== undefined;
      try {
        account.take(definition);
      } catch (error) {
        meter.throttled(definition.name);
        throw error;
      }
      try {
        await enter(streaming);
        try {
          return await runFaulty(request, request.requestId ?? randomUUID());
        } finally {
          leave(streaming);
        }
      } finally {
        account.give(definition);
      }
    },
    async warmUp() {
      if (definition.handler) await currentBundle().catch(() => {});
    },
    async stop() {
      stopped = true;
      const exits = [...live].map(async ({ worker, journal }) => {
        worker.kill();
        await worker.exited;
        await journal.flush();
      });
      await Promise.all(exits);
    },
  };
}

const stopping = () => new AwsError("ServiceException", "Lambda is stopping.", { status: 500 });

export function tooMany(reason: string) {
  return new AwsError("TooManyRequestsException", `Rate Exceeded: ${reason}.`, {
    status: 429,
    fields: { Reason: "ConcurrentInvocationLimitExceeded", Type: "User" },
  });
}
