// How soon `sluice start` is ready: with nothing trained, then again on the state it left.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { root } from "../test/support/sample.ts";
import { table } from "./support/table.ts";

const GOAL_SECONDS = { first: 60, again: 5 };

export async function run(command: string) {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-start-"));
  try {
    const rows = [];
    for (const [what, goal] of Object.entries(GOAL_SECONDS)) {
      const seconds = await readySeconds(dir);
      rows.push({ what, seconds, goal: `${goal} s`, ratio: `${((100 * seconds) / goal).toFixed(0)} %` });
    }
    table("npm start until it says it is ready", rows, command);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function readySeconds(dir: string): Promise<number> {
  const began = performance.now();
  const program = path.join(root, "packages/cli/src/main.ts");
  const child = spawn(process.execPath, [program, "start", "--port", "0", "--dir", dir, "--json"], {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const gone = once(child, "exit");
  let ready = Number.NaN;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes("{")) continue;
    ready = (performance.now() - began) / 1_000;
    break;
  }
  child.kill("SIGTERM");
  await gone;
  if (Number.isNaN(ready)) throw new Error("It ended before it was ready; `npm start` says why.");
  return ready;
}
