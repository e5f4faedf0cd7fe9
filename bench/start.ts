// Time until `sluice start` is ready: with nothing trained, then again on the state that it left.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { root } from "../test/support/sample.ts";
import type { Report } from "./run/measurement.ts";
import { percent, quantile } from "./support/table.ts";

const GOAL_SECONDS = { first: 60, again: 5 };

/** `size`: starts after the first. */
export async function run(size: number, report: Report) {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-start-"));
  try {
    const first = await readySeconds(dir);
    const again: number[] = [];
    for (let start = 0; start < size; start++) again.push(await readySeconds(dir));
    const row = (what: string, seconds: number, goal: number) => ({
      what,
      seconds,
      goal: `${goal} s`,
      ratio: percent(seconds, goal),
    });
    report({
      title: "npm start until it is ready",
      rows: [
        row("first", first, GOAL_SECONDS.first),
        row(`again, median of ${size}`, quantile(again, 0.5), GOAL_SECONDS.again),
      ],
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function readySeconds(dir: string): Promise<number> {
  const began = performance.now();
  const program = path.join(root, "packages/cli/src/main.ts");
  const child = spawn(process.execPath, [program, "start", "--port", "0", "--dir", dir, "--json"], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = once(child, "close");
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (log += text));
  let ready = Number.NaN;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.includes("{")) continue;
    ready = (performance.now() - began) / 1_000;
    break;
  }
  child.kill("SIGTERM");
  await closed;
  if (Number.isNaN(ready)) throw new Error(`sluice start ended before it was ready: ${log.slice(-500)}`);
  return ready;
}
