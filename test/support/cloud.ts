// The whole of Sluice on the embedded cloud, booted from the committed graph on a free port and a folder of its own:
// real functions in child processes, a real model behind a real endpoint, SDK clients over the wire.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startCloud } from "@sluice/local/cloud.ts";
import type { Graph } from "@sluice/local/kernel/graph.ts";
import type { Quotas } from "@sluice/local/kernel/quotas.ts";
import { printErrors, printFunctionErrors } from "@sluice/local/kernel/testing-log.ts";
import { allPlugins } from "@sluice/local/plugins.ts";
import { assertNoErrorLog } from "./error-log.ts";
import { operate } from "./operator.ts";
import { root } from "./sample.ts";

export type Stage = Awaited<ReturnType<typeof startStage>>;

export const lockFile = path.join(root, "infra/cloud.lock.json");

/** The committed graph, with waits between retries too short to notice. */
export function committedGraph(): Graph {
  const graph = JSON.parse(readFileSync(lockFile, "utf8")) as Graph;
  for (const { type, inputs } of graph.resources) {
    if (type !== "aws:lambda/function:Function") continue;
    const environment = inputs["environment"] as { variables?: Record<string, string> } | undefined;
    inputs["environment"] = { variables: { ...environment?.variables, SLUICE_RETRY_BASE_MS: "2" } };
  }
  return graph;
}

/** For tests that shift the clock by minutes: each shift would run the functions of all schedules. */
export function graphWithoutSchedules(): Graph {
  const graph = committedGraph();
  const resources = graph.resources.filter(({ type }) => type !== "aws:scheduler/schedule:Schedule");
  return { ...graph, resources };
}

export async function startStage(graph: Graph = committedGraph(), port = 0, quotas?: Quotas) {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-stage-"));
  const cloud = await startCloud({
    root,
    dir,
    graph,
    port,
    seed: 1,
    quotas,
    plugins: printFunctionErrors(allPlugins),
    log: printErrors,
  });
  return {
    ...operate({ ...cloud.kernel.graph, environment: cloud.environment }),
    cloud,
    async dispose() {
      await cloud.stop();
      rmSync(dir, { recursive: true, force: true });
      assertNoErrorLog();
    },
  };
}
