// A container's program as a child process. Its private /opt/ml is in the environment as SM_OPT_ML, because a process
// without root cannot create /opt/ml.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Clock } from "../../kernel/clock.ts";

const GUARDIAN = fileURLToPath(new URL("../../kernel/guardian.mjs", import.meta.url));

export interface ProgramOptions {
  file: string;
  arguments?: string[];
  optMl: string;
  env: Record<string, string>;
  /** Called for each line that is not empty. */
  log(line: string): void;
}

export interface ProgramExit {
  /** As in a shell: 128 plus the signal's number for a killed program. */
  code: number;
  /** "exit code 3", "SIGKILL", or why it did not start. */
  description: string;
}

export type Program = ReturnType<typeof startProgram>;

export function startProgram({ file, arguments: words = [], optMl, env, log }: ProgramOptions) {
  const child = spawn(process.execPath, ["--import", GUARDIAN, file, ...words], {
    env: { PATH: process.env["PATH"] ?? "", ...env, SM_OPT_ML: optMl },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Own process group: child processes of the program must end with it, as in a container.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream! }).on("line", (line) => line !== "" && log(line));
  child.once("exit", () => endGroup(child.pid));

  const exited = new Promise<ProgramExit>((resolve) => {
    child.once("error", (error) => resolve({ code: 127, description: `no start: ${error.message}` }));
    // "close" instead of "exit", because lines may still be in the pipes.
    child.once("close", (code, signal) =>
      resolve(
        signal
          ? { code: 128 + constants.signals[signal], description: signal }
          : { code: code ?? 0, description: `exit code ${code}` },
      ),
    );
  });
  return {
    /** Resolves when the process has exited and its output was read. */
    exited,
    running: () => child.exitCode === null && child.signalCode === null && child.pid !== undefined,
    /** SIGTERM, and SIGKILL after `graceMs`. */
    async stop(clock: Clock, graceMs: number) {
      child.kill("SIGTERM");
      const cancel = clock.after(graceMs, () => child.kill("SIGKILL"));
      await exited;
      cancel();
    },
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

function endGroup(pid: number | undefined) {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // The group has no processes left.
  }
}
