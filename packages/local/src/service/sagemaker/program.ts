// A container's program as a child process. `/opt/ml` is a private folder, passed as SM_OPT_ML since a process without
// root cannot have an /opt/ml of its own.
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
  log(line: string): void;
}

export interface ProgramExit {
  /** As a shell counts: 128 and the signal's number for a killed program. */
  code: number;
  /** "exit code 3", "SIGKILL", or why it never ran. */
  description: string;
}

export interface Program {
  running(): boolean;
  /** Settles when the process is gone and its last line is read. */
  exited: Promise<ProgramExit>;
  /** SIGTERM, and SIGKILL when it is still there after `graceMs`. */
  stop(clock: Clock, graceMs: number): Promise<void>;
  kill(): Promise<void>;
}

export function startProgram({ file, arguments: words = [], optMl, env, log }: ProgramOptions): Program {
  const child = spawn(process.execPath, ["--import", GUARDIAN, file, ...words], {
    env: { PATH: process.env["PATH"] ?? "", ...env, SM_OPT_ML: optMl },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // A process group of its own: what the program starts must end with it, as in a container.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream! }).on("line", log);
  child.once("exit", () => endGroup(child.pid));

  const exited = new Promise<ProgramExit>((resolve) => {
    child.once("error", (error) => resolve({ code: 127, description: `no start: ${error.message}` }));
    // "close" and not "exit": lines may still be in the pipes.
    child.once("close", (code, signal) =>
      resolve(
        signal
          ? { code: 128 + constants.signals[signal], description: signal }
          : { code: code ?? 0, description: `exit code ${code}` },
      ),
    );
  });
  return {
    exited,
    running: () => child.exitCode === null && child.signalCode === null && child.pid !== undefined,
    async stop(clock, graceMs) {
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
    // Nothing of the group is left.
  }
}
