// The embedded cloud as a process of its own, to be measured and to be killed.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import path from "node:path";
import { iam } from "@sluice/local/iam/plugin.ts";
import type { Graph } from "@sluice/local/kernel/graph.ts";
import { resolveGraph } from "@sluice/local/kernel/resolve.ts";
import { allPlugins } from "@sluice/local/plugins.ts";
import { lockFile } from "./cloud.ts";
import { root } from "./sample.ts";
import type { Place } from "./operator.ts";

export interface Standalone {
  place: Place;
  process: ChildProcess;
  port: number;
  /** No goodbye: SIGKILL. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startStandalone(dir: string, port = 0): Promise<Standalone> {
  const child = spawn(
    process.execPath,
    [path.join(root, "packages/local/src/main.ts"), "--port", String(port), "--dir", dir],
    { cwd: root, stdio: ["ignore", "pipe", "inherit"] },
  );
  const gone = once(child, "exit");
  const environment: Record<string, string> = {};
  for await (const line of createInterface({ input: child.stdout })) {
    const [, name, value] = /^\s*export (\w+)=(.*)$/.exec(line) ?? [];
    if (name) environment[name] = value!;
    // The last line of its greeting.
    if (name === "AWS_SECRET_ACCESS_KEY") break;
  }
  const endpoint = environment["AWS_ENDPOINT_URL"];
  if (!endpoint) throw new Error("The embedded cloud did not start.");
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    await gone;
  };
  return {
    place: { ...resolved(endpoint), environment },
    process: child,
    port: Number(new URL(endpoint).port),
    kill: () => end("SIGKILL"),
    stop: () => end("SIGTERM"),
  };
}

/** What a process made of the graph, worked out here as it does there. */
export function resolved(endpoint: string) {
  const graph = JSON.parse(readFileSync(lockFile, "utf8")) as Graph;
  const place = { region: "us-east-1", account: "000000000000", partition: "aws" as const, endpoint };
  return resolveGraph(graph, [iam, ...allPlugins], place);
}
