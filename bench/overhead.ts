// What Sluice adds to bare inference: uploads one at a time, from S3's acknowledgement to the record, less the time that
// the serving container itself took.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { operate } from "../test/support/operator.ts";
import { sampleOf } from "../test/support/sample.ts";
import { startStandalone } from "../test/support/standalone.ts";
import type { Report } from "./run/measurement.ts";
import { percent, quantile } from "./support/table.ts";

const WARMING = 10;
const GOAL_MS = 50;

/** `size`: uploads. */
export async function run(size: number, report: Report) {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-overhead-"));
  const cloud = await startStandalone(dir);
  const whole: number[] = [];
  const bare: number[] = [];
  const steps: Record<string, number[]> = {};
  try {
    const stage = operate(cloud.place);
    await stage.deploy("vehicles");
    for (let index = -WARMING; index < size; index++) {
      const { bytes } = await sampleOf("vehicles", index + WARMING);
      const { idFor } = await stage.upload(`uploads/vehicles/alone-${index}.jpg`, bytes);
      const acknowledged = Date.now();
      const { status, error, finishedAt, timings } = await stage.prediction(idFor("vehicles"));
      if (status === "failed") throw new Error(`A prediction failed: ${error!.code}: ${error!.message}`);
      if (index < 0) continue;
      // S3's events carry whole seconds: how long the message waited cannot be told from them.
      const { engine, totalMs: _, queueMs: __, ...own } = timings!;
      whole.push(Date.parse(finishedAt!) - acknowledged);
      bare.push(engine!.totalMs!);
      for (const [name, ms] of Object.entries(own)) (steps[name] ??= []).push(ms);
    }
  } finally {
    await cloud.stop();
    rmSync(dir, { recursive: true, force: true });
  }
  const added = whole.map((ms, index) => ms - bare[index]!);
  const row = (what: string, numbers: number[]) => ({
    what,
    "p50 ms": quantile(numbers, 0.5),
    "p99 ms": quantile(numbers, 0.99),
    [`p50 of ${GOAL_MS} ms`]: percent(quantile(numbers, 0.5), GOAL_MS),
  });
  report({
    title: `Overhead of ${size} single uploads`,
    rows: [
      row("upload to record", whole),
      row("bare inference", bare),
      row("added by Sluice", added),
      ...Object.entries(steps).map(([name, numbers]) => row(`- ${name.replace(/Ms$/, "")}`, numbers)),
    ],
  });
}
