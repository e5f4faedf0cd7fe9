// Functions for tests: handlers written to a temporary project, run by a kernel with Lambda and Logs.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ManualClock } from "../../kernel/clock.ts";
import type { Graph, Resource } from "../../kernel/graph.ts";
import type { Plugin } from "../../kernel/service.ts";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { logs } from "../logs/plugin.ts";
import { lambda } from "./plugin.ts";

export interface Project {
  kernel: TestKernel;
  write(name: string, source: string): void;
  invoke(name: string, payload?: unknown, options?: Record<string, unknown>): Promise<InvocationResponse>;
  /** The log of a function, one message an entry. */
  logOf(name: string): Promise<string[]>;
  dispose(): Promise<void>;
}

export interface InvocationResponse {
  error?: string;
  payload: any;
  tail: string;
}

export interface ProjectOptions {
  /** Source of a handler module by function name, with what its Function resource declares. */
  functions: Record<
    string,
    { source: string; inputs?: Record<string, unknown>; links?: Graph["functions"][string]["links"] }
  >;
  resources?: Resource[];
  plugins?: Plugin[];
  clock?: ManualClock;
}

export async function testProject({
  functions,
  resources = [],
  plugins = [],
  clock,
}: ProjectOptions): Promise<Project> {
  const root = mkdtempSync(path.join(tmpdir(), "functions-"));
  const write = (name: string, source: string) => {
    mkdirSync(path.join(root, "src"), { recursive: true });
    writeFileSync(path.join(root, "src", `${name}.ts`), source);
  };
  for (const [name, { source }] of Object.entries(functions)) write(name, source);
  const kernel = await testKernel({
    root,
    clock,
    plugins: [logs, ...plugins, lambda],
    graph: {
      resources: [
        ...Object.entries(functions).map(([name, { inputs }]) => ({
          name,
          type: "aws:lambda/function:Function",
          inputs: { role: `arn:aws:iam::000000000000:role/${name}`, memorySize: 256, ...inputs },
        })),
        ...resources,
      ],
      functions: Object.fromEntries(
        Object.entries(functions).map(([name, { links = {} }]) => [
          name,
          { handler: `src/${name}.handler`, links },
        ]),
      ),
    },
  });
  const project: Project = {
    kernel,
    write,
    async invoke(name, payload = {}, options = {}) {
      const Payload = Buffer.from(JSON.stringify(payload));
      const response = await project.kernel.call("lambda", "Invoke", {
        FunctionName: name,
        Payload,
        LogType: "Tail",
        ...options,
      });
      return {
        error: response.FunctionError,
        payload: response.Payload && JSON.parse(Buffer.from(response.Payload).toString()),
        tail: Buffer.from(response.LogResult ?? "", "base64").toString(),
      };
    },
    async logOf(name) {
      const { events } = await project.kernel.call("logs", "FilterLogEvents", {
        logGroupName: `/aws/lambda/${name}`,
      });
      return events.map(({ message }: { message: string }) => message);
    },
    async dispose() {
      await project.kernel.dispose();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return project;
}
