// Replaces the tokens of the graph, such as "${UploadsBucket.arn}", by deployed names. They are in the links of the app: in
// the local cloud's state, and in the environment of `sst shell`.
import type { DeployedFunction } from "./functions.ts";
import { declaredFunctions, declaredResources } from "./graph.ts";

const TOKEN = /\$\{([^}]+)\}/g;
const WHOLE_TOKEN = /^\$\{([^}]+)\}$/;

interface Account {
  partition: string;
  region: string;
  account: string;
}

export type Resolve = (text: string) => string | undefined;

type Environment = Record<string, string | undefined>;

export const hasLinks = (environment: Environment) => "SST_RESOURCE_UploadsBucket" in environment;

export function openTokens(
  functions: DeployedFunction[],
  environment: Environment,
  { stage }: { stage: string },
): Resolve {
  const [, partition = "", , region = "", account = ""] = (functions[0]?.FunctionArn ?? "").split(":");
  const known = readLinks(environment);
  for (const { logical, FunctionArn = "" } of functions) known.set(`${logical}.arn`, FunctionArn);
  for (const [token, value] of new Map(known)) {
    const [name] = token.split(".");
    const arn = arnOf(token, value, { partition, region, account });
    if (arn) known.set(`${name}.arn`, arn);
  }
  known.set("aws.partition", partition).set("aws.region", region).set("aws.account", account);
  /** Undefined for a token without a link. */
  return (text) => {
    const missing = [...text.matchAll(TOKEN)].some(([, token]) => !known.has(token!));
    if (missing) return undefined;
    return text
      .replaceAll(TOKEN, (_, token: string) => known.get(token)!)
      .replaceAll("-local-", `-${stage}-`);
  };
}

function readLinks(environment: Environment): Map<string, string> {
  const known = new Map<string, string>();
  for (const { links } of declaredFunctions())
    for (const [name, fields] of Object.entries(links)) {
      const actual = JSON.parse(environment[`SST_RESOURCE_${name}`] ?? "{}") as Record<string, string>;
      for (const [field, declared] of Object.entries(fields)) {
        const token = WHOLE_TOKEN.exec(String(declared))?.[1];
        if (token && actual[field]) known.set(token, actual[field]);
      }
    }
  return known;
}

function arnOf(token: string, value: string, { partition, region, account }: Account): string | undefined {
  const [name, field] = token.split(".");
  if (field === "bucket") return `arn:${partition}:s3:::${value}`;
  if (field === "url") return `arn:${partition}:sqs:${region}:${account}:${value.split("/").at(-1)}`;
  if (field !== "name") return undefined;
  const isTable = declaredResources("aws:dynamodb/table:Table").some((table) => table.name === name);
  return isTable
    ? `arn:${partition}:dynamodb:${region}:${account}:table/${value}`
    : `arn:${partition}:events:${region}:${account}:event-bus/${value}`;
}
