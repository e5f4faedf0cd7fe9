// Preparing a dataset: how long both passes take, how much memory, and whether the split is as documented. Each kind runs
// in a process of its own, so that the peak is this work's alone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { Report, Row } from "../run/measurement.ts";
import { percent } from "../support/table.ts";
import type { Measured } from "./million.ts";

const GOAL_MB = 256;
/** Items by which a class may be off its share in a split. */
const GOAL_MISS = 1;
/** As the function runs it: with room for garbage that V8 would take by itself, the peak is a half higher. */
const YOUNG = "--max-semi-space-size=8";

/** `size`: labels. */
export async function run(size: number, report: Report) {
  const rows: Row[] = [];
  const wrong: string[] = [];
  for (const kind of ["classes", "boxes"]) {
    const program = path.join(import.meta.dirname, "million.ts");
    const child = spawn(process.execPath, [YOUNG, program, kind, String(size)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
    if (code !== 0) throw new Error(`Preparing ${size} ${kind} ended with exit code ${code}.`);
    const found = JSON.parse(printed) as Measured;
    rows.push({
      labels: `${found.labels.toLocaleString("en")} ${kind}`,
      "read s": found.gatherS,
      "divide s": found.divideS,
      "write s": found.writeS,
      "peak MB": found.peakMb,
      [`of ${GOAL_MB} MB`]: percent(found.peakMb, GOAL_MB),
      groups: found.groups,
      "torn groups": found.torn,
      "largest miss": found.miss,
    });
    if (found.torn > 0) wrong.push(`${found.torn} ${kind} are not in the split of their group`);
    if (found.miss > GOAL_MISS) wrong.push(`a class of ${kind} is ${found.miss} items off its share`);
  }
  report({
    title:
      "Preparing a dataset (torn groups: in two splits; largest miss: items a class is off its share by)",
    rows,
  });
  if (wrong.length > 0) throw new Error(`The split is wrong: ${wrong.join("; ")}.`);
}
