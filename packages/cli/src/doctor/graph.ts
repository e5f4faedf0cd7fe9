// What was meant to be created, from the committed graph, and how to find it under its deployed name.
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../target.ts";

export interface DeclaredFunction {
  logical: string;
  timeout: number;
  memory: number;
  /** Names of environment variables. */
  environment: string[];
}

interface Resource {
  name: string;
  type: string;
  inputs: Record<string, unknown>;
}

export function declaredFunctions(): DeclaredFunction[] {
  const text = readFileSync(path.join(root, "infra/cloud.lock.json"), "utf8");
  const { resources } = JSON.parse(text) as { resources: Resource[] };
  return resources
    .filter(({ type }) => type === "aws:lambda/function:Function")
    .map(({ name, inputs }) => ({
      logical: name,
      timeout: Number(inputs["timeout"]),
      memory: Number(inputs["memorySize"]),
      environment: Object.keys(
        (inputs["environment"] as { variables?: Record<string, string> } | undefined)?.variables ?? {},
      ),
    }));
}

/** SST may end a name on a hash of its own: "sluice-production-uploadsbucket-bxtkhfrz". */
export function deployedAs(
  names: readonly string[],
  { app, stage }: { app: string; stage: string },
  logical: string,
): string | undefined {
  const plain = `${app}-${stage}-${logical}`;
  return names.find((name) => name === plain || name.startsWith(`${plain}-`));
}
