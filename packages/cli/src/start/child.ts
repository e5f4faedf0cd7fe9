// A program of this project that `sluice start` runs beside itself. It ends with this process, however that ends.
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { root } from "../target.ts";

const GUARDIAN = import.meta.resolve("@sluice/local/kernel/guardian.mjs");

export interface ChildExit {
  /** An exit code, or the name of the signal that ended it. */
  status: number | NodeJS.Signals;
  stdout: string;
  /** The last line of standard error. */
  lastLine: string;
}

export function runChild(
  program: string,
  args: string[] = [],
  onLine: (line: string) => void = () => {},
): Promise<ChildExit> {
  const child = spawn(process.execPath, ["--import", GUARDIAN, path.join(root, program), ...args], {
    cwd: root,
    // The guardian holds the other end of the channel: a killed process tells no child to stop.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const end = () => void child.kill();
  process.once("exit", end);
  let stdout = "";
  let lastLine = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  createInterface({ input: child.stderr! }).on("line", (line) => {
    if (line !== "") onLine((lastLine = line));
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // "close" and not "exit": lines may still be in the pipes.
    child.once("close", (code, signal) => {
      process.off("exit", end);
      resolve({ status: signal ?? code ?? 0, stdout, lastLine });
    });
  });
}
