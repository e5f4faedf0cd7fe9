// A whole cloud on a free port and a temporary folder, for tests over the wire.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startCloud, type Cloud, type CloudOptions } from "../cloud.ts";
import { allPlugins } from "../plugins.ts";
import type { Graph } from "./graph.ts";
import { printErrors, printFunctionErrors } from "./testing-log.ts";

export interface TestCloudOptions extends Omit<CloudOptions, "root" | "graph"> {
  graph?: Partial<Graph>;
  root?: string;
}

export interface TestCloud extends Cloud {
  dir: string;
  /** Errors and warnings that the cloud logged. */
  problems: string[];
  dispose(): Promise<void>;
}

export async function testCloud(options: TestCloudOptions = {}): Promise<TestCloud> {
  const dir = options.dir ?? mkdtempSync(path.join(tmpdir(), "cloud-"));
  const problems: string[] = [];
  const cloud = await startCloud({
    root: dir,
    port: 0,
    seed: 1,
    log(level, message) {
      if (level === "error" || level === "warn") problems.push(message);
      printErrors(level, message);
    },
    ...options,
    plugins: printFunctionErrors(options.plugins ?? allPlugins),
    dir,
    graph: { version: 1, app: "test", stage: "local", resources: [], functions: {}, ...options.graph },
  });
  return {
    ...cloud,
    dir,
    problems,
    async dispose() {
      await cloud.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
