// Every function as it runs, against what the graph declares, and that each queue feeds its reader.
import {
  LambdaClient,
  paginateListEventSourceMappings,
  paginateListFunctions,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import { type Answer, fail, ok, type Patient } from "./check.ts";
import { type DeclaredFunction, declaredFunctions, deployedAs } from "./graph.ts";

export interface Running extends FunctionConfiguration {
  logical: string;
}

const DEPLOY = "Deploy again: `npx sst deploy`, or restart the local cloud.";

export async function functions({ sdk, target }: Patient): Promise<Answer[]> {
  const client = new LambdaClient(sdk);
  const found = await runningFunctions(client, target);
  const feeds = new Map<string, string>();
  for await (const page of paginateListEventSourceMappings({ client }, {}))
    for (const { FunctionArn, State } of page.EventSourceMappings ?? [])
      feeds.set(FunctionArn!.split(":")[6]!, State!);

  const wrong = declaredFunctions().flatMap((declared) => {
    const running = found.find(({ logical }) => logical === declared.logical);
    if (!running) return [fail(`${declared.logical} is not there.`, DEPLOY)];
    const differences = compare(declared, running);
    const feed = feeds.get(running.FunctionName!);
    if (declared.environment.includes("SLUICE_MODEL") && feed !== "Enabled")
      differences.push(`its queue's event source mapping is ${feed ?? "missing"}`);
    return differences.length > 0
      ? [fail(`${running.FunctionName}: ${differences.join("; ")}.`, DEPLOY)]
      : [];
  });
  if (wrong.length > 0) return wrong;
  return [ok(`${found.length} functions have the declared timeout, memory, role, environment and queue`)];
}

export async function runningFunctions(client: LambdaClient, target: Patient["target"]): Promise<Running[]> {
  const all: FunctionConfiguration[] = [];
  for await (const page of paginateListFunctions({ client }, {})) all.push(...(page.Functions ?? []));
  const names = all.map(({ FunctionName }) => FunctionName!);
  return declaredFunctions().flatMap(({ logical }) => {
    const name = deployedAs(names, target, logical);
    return all.filter(({ FunctionName }) => FunctionName === name).map((one) => ({ ...one, logical }));
  });
}

export function compare(declared: DeclaredFunction, running: FunctionConfiguration): string[] {
  const present = Object.keys(running.Environment?.Variables ?? {});
  const missing = declared.environment.filter((name) => !present.includes(name));
  const role = declared.logical.replace(/Function$/, "Role");
  return [
    ...(running.Timeout === declared.timeout
      ? []
      : [`its timeout is ${running.Timeout} s, declared ${declared.timeout} s`]),
    ...(running.MemorySize === declared.memory
      ? []
      : [`its memory is ${running.MemorySize} MB, declared ${declared.memory} MB`]),
    ...(running.Role?.includes(`-${role}`) ? [] : [`it runs as ${running.Role}, not as its ${role}`]),
    ...(missing.length > 0 ? [`it misses the environment variables ${missing.join(", ")}`] : []),
    ...((running.State ?? "Active") === "Active" ? [] : [`it is ${running.State}: ${running.StateReason}`]),
  ];
}
