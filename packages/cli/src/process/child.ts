// Runs a program of this project as a child process, which ends with this process, even if that is killed.
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { root } from "../target/target.ts";

const GUARDIAN = import.meta.resolve("@sluice/local/kernel/guardian.mjs");

export interface ChildExit {
  /** The exit code, or the signal that ended the child. */
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
    // The guardian in the child notices when this end of the channel closes.
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const kill = () => void child.kill("SIGKILL");
  // Before the handler that removes its files.
  process.prependOnceListener("exit", kill);
  let stdout = "";
  let lastLine = "";
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  createInterface({ input: child.stderr! }).on("line", (line) => {
    if (line !== "") onLine((lastLine = line));
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // On "exit", the pipes may still contain lines.
    child.once("close", (code, signal) => {
      process.off("exit", kill);
      resolve({ status: signal ?? code ?? 0, stdout, lastLine });
    });
  });
}
