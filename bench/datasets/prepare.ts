// A dataset of a million labels: how long both passes take, how much memory, and whether the split is what it promises.
// Each in a process of its own, so that the peak is this work's alone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import { table, type Row } from "../support/table.ts";
import type { Measured } from "./million.ts";

const GOAL_MB = 256;
/** As the function runs it: with room for garbage that V8 would take by itself, the peak is a half higher. */
const YOUNG = "--max-semi-space-size=8";

export async function run(command: string) {
  const rows: Row[] = [];
  for (const kind of ["classes", "boxes"]) {
    const program = path.join(import.meta.dirname, "million.ts");
    const child = spawn(process.execPath, [YOUNG, program, kind], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [printed] = await Promise.all([text(child.stdout), once(child, "exit")]);
    const found = JSON.parse(printed) as Measured;
    rows.push({
      labels: `${found.labels.toLocaleString("en")} ${kind}`,
      "read s": found.gatherS,
      "divide s": found.divideS,
      "write s": found.writeS,
      "peak MB": found.peakMb,
      [`of ${GOAL_MB} MB`]: `${((100 * found.peakMb) / GOAL_MB).toFixed(0)} %`,
      groups: found.groups,
      "torn groups": found.torn,
      "largest miss": found.miss,
    });
  }
  table(
    "Preparing a million labels (torn groups: in two splits; largest miss: items a class is off its share by)",
    rows,
    command,
  );
}
