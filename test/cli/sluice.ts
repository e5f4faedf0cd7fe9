// The real binary, as a shell runs it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { root } from "../support/sample.ts";

const binary = path.join(root, "packages/cli/src/main.ts");

/** The environment of commands: without the variables that `operate` and vitest set. */
export const environment: Record<string, string | undefined> = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS|SLUICE|SST|FORCE_COLOR)/.test(name)),
  ),
  // Tests do not depend on what is installed on the machine.
  SLUICE_TORCH: path.join(tmpdir(), "sluice-no-torch"),
};

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
  json(): any;
}

export function launch(args: string[], more: Record<string, string> = {}) {
  return spawn(process.execPath, [binary, ...args], { cwd: root, env: { ...environment, ...more } });
}

export async function sluice(
  args: string[],
  input = "",
  more: Record<string, string> = {},
): Promise<CommandResult> {
  const child = launch(args, more);
  child.stdin.on("error", () => {}).end(input);
  const [[code], stdout, stderr] = await Promise.all([
    once(child, "close") as Promise<[number]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr, json: () => JSON.parse(stdout) };
}

/** `sluice start`, once it says that it is ready. */
export async function start(args: string[], more: Record<string, string> = {}) {
  const child = launch(["start", "--json", ...args], more);
  const gone = once(child, "close") as Promise<[number]>;
  const stderr = text(child.stderr);
  const lines: string[] = [];
  const ready = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      lines.push(line);
      resolve();
    });
  });
  await Promise.race([ready, gone.then(async () => Promise.reject(new Error(await stderr)))]);
  return {
    pid: child.pid!,
    state: JSON.parse(lines[0]!),
    /** All that standard output has held. */
    lines,
    async stop() {
      child.kill("SIGINT");
      const [code] = await gone;
      return code;
    },
  };
}
