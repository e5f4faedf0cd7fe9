// Time from process start to the first response, and memory, for a small and a large model.
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import sharp from "sharp";
import type { Report } from "../run/measurement.ts";
import { requireLinux } from "../support/memory.ts";
import { quantile } from "../support/table.ts";
import { load } from "./load.ts";
import { writeModel } from "./models.ts";
import { startServer } from "./server.ts";

/** Of load after the last start, for each start. */
const LOAD_SECONDS = 1;

/** `starts`: of each model. */
export async function run(starts: number, report: Report) {
  requireLinux();
  const picture = await sharp({ create: { width: 224, height: 224, channels: 3, background: "#888" } })
    .jpeg()
    .toBuffer();
  const rows = [];
  for (const weight of [{ width: 0.8 }, { width: 0.8, extraMb: 95 }]) {
    const dir = await writeModel(mkdtempSync(path.join(tmpdir(), "sluice-bench-")), "classifier", weight);
    const healthy: number[] = [];
    const answered: number[] = [];
    let rest = 0;
    let loaded = 0;
    for (let start = 0; start < starts; start++) {
      const began = performance.now();
      const server = await startServer(dir);
      try {
        healthy.push(performance.now() - began);
        const response = await fetch(server.url, {
          method: "POST",
          body: picture as BodyInit,
          headers: { "content-type": "image/jpeg" },
        });
        if (!response.ok) throw new Error(`The first answer is ${response.status}: ${await response.text()}`);
        await response.json();
        answered.push(performance.now() - began);
        rest = server.residentMb();
        if (start < starts - 1) continue;
        const { failed } = await load(server.url, [picture], 8, starts * LOAD_SECONDS);
        if (failed > 0) throw new Error(`${failed} requests under load failed.`);
        loaded = server.residentMb();
      } finally {
        await server.stop();
      }
    }
    rows.push({
      "model MB": statSync(path.join(dir, "model/model.onnx")).size / 1024 / 1024,
      "healthy p50 ms": quantile(healthy, 0.5),
      "first answer p50 ms": quantile(answered, 0.5),
      "at rest MB": rest,
      "under load MB": loaded,
    });
    rmSync(dir, { recursive: true, force: true });
  }
  report({ title: `Start of the serving program, ${starts} times each`, rows });
}
