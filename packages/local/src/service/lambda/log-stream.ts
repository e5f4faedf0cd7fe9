// A worker's log stream: its output and the platform's lines, sent to CloudWatch Logs in batches.
import { randomBytes } from "node:crypto";
import type { Kernel, Principal } from "../../kernel/service.ts";
import { LOG_TAIL_BYTES } from "./limits.ts";

export interface LogStream {
  readonly stream: string;
  write(message: string): void;
  /** Starts collecting lines for `LogType: Tail`. */
  startTail(): void;
  tail(): string;
  flush(): Promise<void>;
}

const FLUSH_MS = 250;
/** PutLogEvents accepts at most 10,000 events and 1 MiB, with 26 bytes added to each event. */
const BATCH = { events: 10_000, bytes: 1_048_576, overhead: 26 };
const EVENT_BYTES = 262_118;

export function openLogStream(kernel: Kernel, group: string, role: string, name: string): LogStream {
  const { clock } = kernel;
  const principal: Principal = { kind: "role", arn: role, session: name };
  const day = new Date(clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
  const stream = `${day}/[$LATEST]${randomBytes(16).toString("hex")}`;
  let pending: Array<{ timestamp: number; message: string }> = [];
  let tail = "";
  let created = false;
  let cancel: (() => void) | undefined;
  let sending: Promise<void> = Promise.resolve();

  async function create() {
    const at = { logGroupName: group, logStreamName: stream };
    try {
      await kernel.call("logs", "CreateLogStream", at, principal);
    } catch (error) {
      if ((error as Error).name !== "ResourceNotFoundException") throw error;
      await kernel.call("logs", "CreateLogGroup", { logGroupName: group }, principal);
      await kernel.call("logs", "CreateLogStream", at, principal);
    }
  }

  async function send(events: typeof pending) {
    try {
      if (!created) await create();
      created = true;
      for (const logEvents of split(events))
        await kernel.call(
          "logs",
          "PutLogEvents",
          { logGroupName: group, logStreamName: stream, logEvents },
          principal,
        );
    } catch (error) {
      // As on AWS, logs are lost when the role may not write them. Here a warning is logged.
      kernel.log("warn", `Logs of ${name} are lost: ${(error as Error).message}`, { group });
    }
  }

  const flush = () => {
    cancel?.();
    cancel = undefined;
    if (pending.length > 0) {
      const events = pending;
      pending = [];
      sending = sending.then(() => send(events));
    }
    return sending;
  };

  return {
    stream,
    write(message) {
      pending.push({ timestamp: clock.now(), message });
      tail = `${tail}${message}\n`.slice(-LOG_TAIL_BYTES);
      cancel ??= clock.after(FLUSH_MS, () => void flush());
    },
    startTail: () => (tail = ""),
    tail: () => Buffer.from(tail).subarray(-LOG_TAIL_BYTES).toString("base64"),
    flush,
  };
}

function* split(events: Array<{ timestamp: number; message: string }>) {
  let batch: typeof events = [];
  let bytes = 0;
  for (const { timestamp, message } of events) {
    const cut = Buffer.byteLength(message) > EVENT_BYTES ? message.slice(0, EVENT_BYTES / 4) : message;
    const size = Buffer.byteLength(cut) + BATCH.overhead;
    if (batch.length === BATCH.events || bytes + size > BATCH.bytes) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push({ timestamp, message: cut || " " });
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
