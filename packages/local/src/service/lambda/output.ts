// Reads a worker's output as log events, with the marks at the end of each invocation's output.
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";

export type OutputReader = ReturnType<typeof readOutput>;

export function readOutput(child: ChildProcess, onLine: (line: string) => void) {
  let memoryMb = 0;
  const seen = new Map<string, number>();
  let notify = () => {};
  const follow = (stream: Readable) => {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    const take = (line: string) => {
      const at = line.indexOf("\0end ");
      if (at < 0) return onLine(line.replaceAll("\r", "\n"));
      // Text without a line feed precedes the mark.
      if (at > 0) onLine(line.slice(0, at));
      const [, requestId = "", kilobytes] = line.slice(at).split(" ");
      memoryMb = Math.ceil(Number(kilobytes) / 1024);
      seen.set(requestId, (seen.get(requestId) ?? 0) + 1);
      notify();
    };
    // Not readline: a carriage return inside a line is not its end.
    stream.on("data", (chunk: Buffer) => {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop()!;
      lines.forEach(take);
    });
    stream.on("end", () => rest && take(rest));
  };
  follow(child.stdout!);
  follow(child.stderr!);
  return {
    /** Resolves when all output of `requestId` was read, or the process has exited. */
    async drained(requestId: string, exited: Promise<void>) {
      const marked = new Promise<void>((resolve) => {
        notify = () => seen.get(requestId) === 2 && resolve();
        notify();
      });
      await Promise.race([marked, exited]);
      seen.delete(requestId);
    },
    maxMemoryMb: () => memoryMb,
  };
}
