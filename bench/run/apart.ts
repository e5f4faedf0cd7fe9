// A measurement in a process of its own: AWS clients cache the address of one cloud, and memory is measured.
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Selection } from "./arguments.ts";
import type { Report, Table } from "./measurement.ts";

/** What the process sends: each table, then once how it ended. */
export type Message = { table: Table } | { ended: { error?: string } };

const PROGRAM = path.join(import.meta.dirname, "child.ts");

/** Why it failed; nothing when it succeeded. */
export async function runApart({ name, size }: Selection, report: Report): Promise<string | undefined> {
  // Standard output carries only the figures.
  const child = fork(PROGRAM, [name, String(size)], { stdio: ["ignore", 2, "inherit", "ipc"] });
  let ended: { error?: string } | undefined;
  child.on("message", (message: Message) => {
    if ("table" in message) report(message.table);
    else ended = message.ended;
  });
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  if (ended) return ended.error;
  return `Its process ended early, with ${signal ?? `exit code ${code}`}.`;
}
