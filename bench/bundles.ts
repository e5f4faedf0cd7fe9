// Each function's code as SST bundles it, and how long a new process takes to import it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Graph } from "@sluice/local/kernel/graph.ts";
import { bundle } from "../scripts/synth/bundle.ts";
import { lockFile } from "../test/support/cloud.ts";
import type { Report } from "./run/measurement.ts";
import { percent, quantile } from "./support/table.ts";

const GOAL_BYTES = 1_024 * 1_024;
const GOAL_MS = 150;

/** `size`: cold imports of each bundle. */
export async function run(size: number, report: Report) {
  const graph = JSON.parse(readFileSync(lockFile, "utf8")) as Graph;
  const handlers = [...new Set(Object.values(graph.functions).map(({ handler }) => handler))].toSorted();
  const folder = mkdtempSync(path.join(tmpdir(), "sluice-bundles-"));
  try {
    const rows = [];
    for (const handler of handlers) {
      const { bytes, file, parts } = await bundle(handler, folder);
      const times = Array.from({ length: size }, () => importMs(file));
      const ms = quantile(times, 0.5);
      rows.push({
        handler,
        kB: bytes / 1_000,
        "of 1 MB": percent(bytes, GOAL_BYTES),
        "import ms": ms,
        [`of ${GOAL_MS} ms`]: percent(ms, GOAL_MS),
        "most of it": parts
          .slice(0, 3)
          .map(([name, size]) => `${name} ${Math.round(size / 1_000)}`)
          .join(", "),
      });
    }
    report({ title: `Function bundles (median of ${size} cold imports)`, rows });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a process of its own, without the process's own start. */
function importMs(file: string): number {
  // A handler that streams asks for Lambda's own global while it is imported.
  const program = `
    globalThis.awslambda = { streamifyResponse: (handler) => handler };
    const began = performance.now();
    await import(${JSON.stringify(pathToFileURL(file).href)});
    console.log(performance.now() - began);
    process.exit(0);`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
    env: { ...process.env, AWS_REGION: "us-east-1" },
  });
  const ms = Number(stdout);
  if (stdout === "" || Number.isNaN(ms)) throw new Error(`${file} cannot be imported: ${stderr.slice(-500)}`);
  return ms;
}
