// While SST evaluates, every resource must answer for attributes that exist only after a deploy. It gets values that
// parse as the real thing would (an ARN has its six parts) and carry a token; when the graph is written, the whole
// value becomes the reference `${Name.attribute}`.

const REGION = "@@aws.region@@";
const ACCOUNT = "@@aws.account@@";
const PARTITION = "@@aws.partition@@";

const IDENTITIES = [
  "name",
  "bucket",
  "url",
  "queueUrl",
  "functionUrl",
  "invokeArn",
  "qualifiedArn",
  "executionArn",
  "apiEndpoint",
  "bucketDomainName",
  "bucketRegionalDomainName",
  "domainName",
  "repositoryUrl",
  "registryId",
  "ref",
  "digest",
  "streamArn",
  "version",
  "base64",
];

/** The attributes of a resource as the platform sees them. */
export function attributesOf(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  const service = /^\w+:(\w+)/.exec(type)?.[1] ?? "sst";
  const own = Object.fromEntries(IDENTITIES.map((attribute) => [attribute, token(name, attribute)]));
  // SST derives the management endpoint by the scheme.
  if (inputs["protocolType"] === "WEBSOCKET") own["apiEndpoint"] = `wss://${own["apiEndpoint"]}`;
  return { ...inputs, ...own, arn: `arn:aws:${service}:${REGION}:${ACCOUNT}:${token(name, "arn")}` };
}

export const idOf = (name: string) => token(name, "id");

/** What AWS would answer about the place and its constants. */
export function answer(call: string, inputs: Record<string, unknown>): Record<string, unknown> {
  switch (call) {
    case "aws:index/getRegion:getRegion":
      return { region: REGION, name: REGION, id: REGION };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: ACCOUNT };
    case "aws:index/getPartition:getPartition":
      return { partition: PARTITION, id: PARTITION };
    case "aws:iam/getPolicyDocument:getPolicyDocument":
      return { ...inputs, json: policyJson(inputs) };
    case "aws:ecr/getAuthorizationToken:getAuthorizationToken":
      return { userName: "AWS", password: "made at deploy", proxyEndpoint: "https://registry.invalid" };
    default:
      throw new Error(
        `infra/ calls ${call} during the evaluation, and synth has no value for it. Add one to scripts/synth/tokens.ts.`,
      );
  }
}

const token = (name: string, attribute: string) => `@@${name}.${attribute}@@`;

/** Every token in a text, with the made-up value around it, as a reference. */
export function symbolic(text: string): string {
  return text
    .replace(/arn:aws:\w+:@@aws\.region@@:@@aws\.account@@:(@@[\w.-]+@@)/g, "$1")
    .replace(/wss:\/\/(@@[\w-]+\.apiEndpoint@@)/g, "$1")
    .replace(/https:\/\/@@([\w-]+)\.apiEndpoint@@/g, "${$1.managementEndpoint}")
    .replace(/@@([\w-]+\.\w+)@@/g, "${$1}");
}

interface Statement {
  sid?: string;
  effect?: string;
  actions?: string[];
  notActions?: string[];
  resources?: string[];
  principals?: { type: string; identifiers: string[] }[];
  conditions?: { test: string; variable: string; values: string[] }[];
}

/** The policy document's JSON, as the provider's getPolicyDocument makes it. */
function policyJson({ statements }: { statements?: Statement[] }): string {
  const Statement = (statements ?? []).map(
    ({ sid, effect, actions, notActions, resources, principals, conditions }) => ({
      Sid: sid,
      Effect: effect ?? "Allow",
      Action: actions,
      NotAction: notActions,
      Resource: resources,
      Principal: principals && principalOf(principals),
      Condition: conditions && conditionOf(conditions),
    }),
  );
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

function principalOf(principals: NonNullable<Statement["principals"]>) {
  if (principals.some(({ type }) => type === "*")) return "*";
  return Object.fromEntries(principals.map(({ type, identifiers }) => [type, identifiers]));
}

function conditionOf(conditions: NonNullable<Statement["conditions"]>) {
  const byTest: Record<string, Record<string, string[]>> = {};
  for (const { test, variable, values } of conditions) (byTest[test] ??= {})[variable] = values;
  return byTest;
}
