// A worker's log stream: its output and the platform's lines. The tail of an invocation is collected for the caller.
import { randomBytes } from "node:crypto";
import type { Kernel } from "../../kernel/service.ts";
import { openLogWriter } from "../logs/writer.ts";
import type { Definition } from "./definition.ts";
import { LOG_TAIL_BYTES } from "./limits.ts";

export type LogStream = ReturnType<typeof openLogStream>;

export function openLogStream(kernel: Kernel, { name, role, logGroup }: Definition) {
  const day = new Date(kernel.clock.now()).toISOString().slice(0, 10).replaceAll("-", "/");
  const stream = `${day}/[$LATEST]${randomBytes(16).toString("hex")}`;
  const writer = openLogWriter(kernel, { kind: "role", arn: role, session: name }, logGroup, stream);
  let tail = "";
  return {
    stream,
    write(message: string) {
      writer.write(message);
      tail = `${tail}${message}\n`.slice(-LOG_TAIL_BYTES);
    },
    flush: writer.flush,
    /** Starts collecting lines for `LogType: Tail`. */
    startTail: () => void (tail = ""),
    tail: () => Buffer.from(tail).subarray(-LOG_TAIL_BYTES).toString("base64"),
  };
}
