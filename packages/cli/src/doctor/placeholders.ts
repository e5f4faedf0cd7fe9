// Replaces the placeholders of the graph, such as "${UploadsBucket.arn}", by deployed names. They are in the links of
// the app: in the local cloud's state, and in the environment of `sst shell`.
import type { DeployedFunction } from "./functions.ts";
import { declaredFunctions, declaredResources } from "./graph.ts";

const PLACEHOLDER = /\$\{([^}]+)\}/g;
const WHOLE_PLACEHOLDER = /^\$\{([^}]+)\}$/;

interface Account {
  partition: string;
  region: string;
  account: string;
}

export type Resolve = (text: string) => string | undefined;

type Environment = Record<string, string | undefined>;

export const hasLinks = (environment: Environment) => "SST_RESOURCE_UploadsBucket" in environment;

export function createPlaceholderResolver(
  functions: DeployedFunction[],
  environment: Environment,
  { stage }: { stage: string },
): Resolve {
  const [, partition = "", , region = "", account = ""] = (functions[0]?.FunctionArn ?? "").split(":");
  const known = readLinks(environment);
  for (const { logical, FunctionArn = "" } of functions) known.set(`${logical}.arn`, FunctionArn);
  for (const [placeholder, value] of new Map(known)) {
    const [name] = placeholder.split(".");
    const arn = arnOf(placeholder, value, { partition, region, account });
    if (arn) known.set(`${name}.arn`, arn);
  }
  known.set("aws.partition", partition).set("aws.region", region).set("aws.account", account);
  /** Undefined for a placeholder without a link. */
  return (text) => {
    const missing = [...text.matchAll(PLACEHOLDER)].some(([, placeholder]) => !known.has(placeholder!));
    if (missing) return undefined;
    return text
      .replaceAll(PLACEHOLDER, (_, placeholder: string) => known.get(placeholder)!)
      .replaceAll("-local-", `-${stage}-`);
  };
}

function readLinks(environment: Environment): Map<string, string> {
  const known = new Map<string, string>();
  for (const { links } of declaredFunctions())
    for (const [name, fields] of Object.entries(links)) {
      const actual = JSON.parse(environment[`SST_RESOURCE_${name}`] ?? "{}") as Record<string, string>;
      for (const [field, declared] of Object.entries(fields)) {
        const placeholder = WHOLE_PLACEHOLDER.exec(String(declared))?.[1];
        if (placeholder && actual[field]) known.set(placeholder, actual[field]);
      }
    }
  return known;
}

function arnOf(
  placeholder: string,
  value: string,
  { partition, region, account }: Account,
): string | undefined {
  const [name, field] = placeholder.split(".");
  if (field === "bucket") return `arn:${partition}:s3:::${value}`;
  if (field === "url") return `arn:${partition}:sqs:${region}:${account}:${value.split("/").at(-1)}`;
  if (field !== "name") return undefined;
  const isTable = declaredResources("aws:dynamodb/table:Table").some((table) => table.name === name);
  return isTable
    ? `arn:${partition}:dynamodb:${region}:${account}:table/${value}`
    : `arn:${partition}:events:${region}:${account}:event-bus/${value}`;
}
