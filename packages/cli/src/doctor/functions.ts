// Compares deployed functions with the resource graph, and checks that each queue triggers its function.
import {
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import { type CheckResult, fail, ok, type CheckContext } from "./check.ts";
import { type DeclaredFunction, declaredFunctions, findDeployedName } from "./graph.ts";

export interface DeployedFunction extends FunctionConfiguration {
  logical: string;
}

const DEPLOY = "Deploy again with `npx sst deploy`, or restart the local cloud.";

export async function checkFunctions({ sdk, target }: CheckContext): Promise<CheckResult[]> {
  const client = new LambdaClient(sdk);
  const found = await listFunctions(client, target);
  const mappings = new Map<string, string>();
  for await (const page of paginateListEventSourceMappings({ client }, {}))
    for (const { FunctionArn, State } of page.EventSourceMappings ?? [])
      mappings.set(FunctionArn!.split(":")[6]!, State!);

  const wrong = declaredFunctions().flatMap((declared) => {
    const running = found.find(({ logical }) => logical === declared.logical);
    if (!running) return [fail(`${declared.logical} does not exist.`, DEPLOY)];
    const differences = compareFunction(declared, running);
    const mapping = mappings.get(running.FunctionName!);
    // Only functions that read a model's queue have it.
    if (declared.environment.includes("SLUICE_CONCURRENCY") && mapping !== "Enabled")
      differences.push(`its queue's event source mapping is ${mapping ?? "missing"}`);
    return differences.length > 0
      ? [fail(`${running.FunctionName}: ${differences.join("; ")}.`, DEPLOY)]
      : [];
  });
  if (wrong.length > 0) return wrong;
  return [ok(`${found.length} functions match the declaration: timeout, memory, role, environment, queue`)];
}

export async function listFunctions(
  client: LambdaClient,
  target: Pick<CheckContext["target"], "app" | "stage">,
): Promise<DeployedFunction[]> {
  const all: FunctionConfiguration[] = [];
  for await (const page of paginateListFunctions({ client }, {})) all.push(...(page.Functions ?? []));
  const names = all.map(({ FunctionName }) => FunctionName!);
  return declaredFunctions().flatMap(({ logical }) => {
    const name = findDeployedName(names, target, logical);
    return all.filter(({ FunctionName }) => FunctionName === name).map((one) => ({ ...one, logical }));
  });
}

export function compareFunction(
  declared: Omit<DeclaredFunction, "links">,
  running: FunctionConfiguration,
): string[] {
  const present = Object.keys(running.Environment?.Variables ?? {});
  const missing = declared.environment.filter((name) => !present.includes(name));
  const role = declared.logical.replace(/Function$/, "Role");
  return [
    ...(running.Timeout === declared.timeout
      ? []
      : [`its timeout is ${running.Timeout} s instead of ${declared.timeout} s`]),
    ...(running.MemorySize === declared.memory
      ? []
      : [`its memory is ${running.MemorySize} MB instead of ${declared.memory} MB`]),
    ...(running.Role?.includes(`-${role}`) ? [] : [`its role is ${running.Role} instead of its ${role}`]),
    ...(missing.length > 0 ? [`these environment variables are missing: ${missing.join(", ")}`] : []),
    ...((running.State ?? "Active") === "Active"
      ? []
      : [`its state is ${running.State}: ${running.StateReason}`]),
  ];
}
