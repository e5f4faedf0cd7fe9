// A report on many captured records: time and memory, beside the same report by pandas and SciPy.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import type { Report, Row } from "../run/measurement.ts";
import { percent } from "../support/table.ts";
import { writeCaptures } from "./captures.ts";
import type { Measured } from "./report.ts";

const BASELINE = 5_000;
const GOAL_MB = 512;
/** Of the records: equal rates show that time is linear. */
const SHARES = [0.25, 0.5, 1];
/** The sketch of a number joins values within 1 %. Embeddings are sampled, by each program in its own way. */
const TOLERANCE: Record<string, number> = { ks: 0.02, "chi-square": 1e-9, classifier: 0.1, mmd: 0.03 };

export async function run(size: number, report: Report): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-bench-scale-"));
  const python = process.env["SLUICE_BENCH_PYTHON"] ?? "python3";
  try {
    const baseline = path.join(folder, "baseline.jsonl");
    await writeCaptures(baseline, { seed: 1, count: BASELINE, drift: false });
    const rows: Row[] = [];
    const wrong: string[] = [];
    const hasPython = await succeeds(python, ["-c", "import pandas, scipy"]);
    for (const share of SHARES) {
      const window = path.join(folder, "window.jsonl");
      await writeCaptures(window, { seed: 2, count: Math.round(size * share), drift: true });
      const ours = await measure(process.execPath, [
        path.join(import.meta.dirname, "report.ts"),
        baseline,
        window,
      ]);
      rows.push(rowOf("Sluice", ours));
      if (!hasPython) continue;
      const theirs = await measure(python, [path.join(import.meta.dirname, "report.py"), baseline, window]);
      rows.push(rowOf("pandas, SciPy", theirs));
      wrong.push(...differences(ours.effects, theirs.effects));
    }
    const peer = hasPython
      ? "beside pandas and SciPy"
      : `without pandas and SciPy, which \`${python}\` does not have: set SLUICE_BENCH_PYTHON`;
    report({ title: `Captured records of a day against a baseline of ${BASELINE}, ${peer}`, rows });
    if (wrong.length > 0) throw new Error(`The reports differ: ${wrong.join("; ")}.`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const rowOf = (program: string, measured: Measured): Row => ({
  program,
  records: measured.records,
  "read s": measured.windowSeconds,
  "processor s": measured.windowCpuSeconds,
  "records a processor second": Math.round(measured.records / measured.windowCpuSeconds),
  "compare s": measured.compareSeconds,
  "peak MB": Math.round(measured.peakMb),
  [`of ${GOAL_MB} MB`]: percent(measured.peakMb, GOAL_MB),
  "stored KB": measured.storedKb ? Math.round(measured.storedKb) : "-",
});

async function measure(program: string, args: string[]): Promise<Measured> {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  if (code !== 0) throw new Error(`\`${program} ${args[0]}\` ended with exit code ${code}.`);
  return JSON.parse(printed) as Measured;
}

async function succeeds(program: string, args: string[]): Promise<boolean> {
  const child = spawn(program, args, { stdio: "ignore" });
  return new Promise((resolve) => {
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
}

function differences(ours: Record<string, number>, theirs: Record<string, number>): string[] {
  const names = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...names].flatMap((name) => {
    const tolerance = TOLERANCE[name.split(" ")[0]!]!;
    const [one, other] = [ours[name] ?? NaN, theirs[name] ?? NaN];
    return Math.abs(one - other) <= tolerance ? [] : [`${name} is ${one} here and ${other} there`];
  });
}
