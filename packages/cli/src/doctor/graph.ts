// The committed resource graph, and the names of deployed resources.
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../target/target.ts";

export interface DeclaredFunction {
  logical: string;
  timeout: number;
  memory: number;
  /** Names of environment variables. */
  environment: string[];
  /** By name and field: a token such as "${UploadsBucket.bucket}", or a value. */
  links: Record<string, Record<string, unknown>>;
}

interface Resource {
  name: string;
  type: string;
  inputs: Record<string, unknown>;
}

interface Graph {
  resources: Resource[];
  functions: Record<string, { links: DeclaredFunction["links"] }>;
}

const readGraph = () => JSON.parse(readFileSync(path.join(root, "infra/cloud.lock.json"), "utf8")) as Graph;

export const declaredResources = (type: string): Resource[] =>
  readGraph().resources.filter((resource) => resource.type === type);

/** Logical names of the functions whose role may create resources of SageMaker. */
export const creatingFunctions = (): string[] =>
  readGraph()
    .resources.filter(({ inputs }) =>
      JSON.stringify(inputs["inlinePolicies"] ?? []).includes("sagemaker:Create"),
    )
    .map(({ name }) => name.replace(/Role$/, "Function"));

export function declaredFunctions(): DeclaredFunction[] {
  const { resources, functions } = readGraph();
  return resources
    .filter(({ type }) => type === "aws:lambda/function:Function")
    .map(({ name, inputs }) => ({
      logical: name,
      timeout: Number(inputs["timeout"]),
      memory: Number(inputs["memorySize"]),
      environment: Object.keys(
        (inputs["environment"] as { variables?: Record<string, string> } | undefined)?.variables ?? {},
      ),
      links: functions[name]?.links ?? {},
    }));
}

/** SST adds eight letters to a name: "sluice-production-uploadsbucket-bxtkhfrz". */
export function findDeployedName(
  names: readonly string[],
  { app, stage }: { app: string; stage: string },
  logical: string,
): string | undefined {
  const expected = new RegExp(`^${app}-${stage}-${logical}(-[a-z]{8})?$`);
  return names.find((name) => expected.test(name));
}
