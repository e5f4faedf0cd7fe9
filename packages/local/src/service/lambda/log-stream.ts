// A worker's log stream: its output and the platform's lines. The tail of an invocation is collected for the caller.
import { randomBytes } from "node:crypto";
import type { Kernel } from "../../kernel/service.ts";
import { openLogWriter, type LogWriter } from "../logs/writer.ts";
import type { Definition } from "./definition.ts";
import { LOG_TAIL_BYTES } from "./limits.ts";

export interface LogStream extends LogWriter {
  readonly stream: string;
  /** Starts collecting lines for `LogType: Tail`. */
  startTail(): void;
  tail(): string;
}

export function openLogStream(kernel: Kernel, { name, role, logGroup }: Definition): LogStream {
  const day = new Date(kernel.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
  const stream = `${day}/[$LATEST]${randomBytes(16).toString("hex")}`;
  const writer = openLogWriter(kernel, { kind: "role", arn: role, session: name }, logGroup, stream);
  let tail = "";
  return {
    stream,
    write(message) {
      writer.write(message);
      tail = `${tail}${message}\n`.slice(-LOG_TAIL_BYTES);
    },
    flush: writer.flush,
    startTail: () => (tail = ""),
    tail: () => Buffer.from(tail).subarray(-LOG_TAIL_BYTES).toString("base64"),
  };
}
