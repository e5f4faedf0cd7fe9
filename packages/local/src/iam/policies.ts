// The policies in the graph that apply to a role or to a resource.
import type { ResolvedGraph, ResolvedResource } from "../kernel/graph.ts";
import { parsePolicy, type Statement } from "./document.ts";
import { MANAGED } from "./managed.ts";

const RESOURCE_POLICIES: Record<string, (resource: ResolvedResource, graph: ResolvedGraph) => string> = {
  "aws:sqs/queuePolicy:QueuePolicy": ({ inputs }, graph) => queueArn(inputs.queueUrl, graph),
  "aws:s3/bucketPolicy:BucketPolicy": ({ inputs }) => `arn:aws:s3:::${inputs.bucket}`,
  "aws:sns/topicPolicy:TopicPolicy": ({ inputs }) => inputs.arn,
  "aws:sqs/queue:Queue": ({ attributes }) => attributes.arn ?? "",
};

/** The statements of a role's inline, attached and managed policies. */
export function identityPolicies(roleArn: string, graph: ResolvedGraph): Statement[] | undefined {
  const role = graph.all("aws:iam/role:Role").find(({ attributes }) => attributes.arn === roleArn);
  if (!role) return undefined;
  const isThis = (named: unknown) => named === role.attributes.name || named === roleArn;
  const attached = [
    ...(role.inputs.managedPolicyArns ?? []),
    ...graph
      .all("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .filter(({ inputs }) => isThis(inputs.role))
      .map(({ inputs }) => inputs.policyArn),
    ...graph
      .all("aws:iam/policyAttachment:PolicyAttachment")
      .filter(({ inputs }) => (inputs.roles ?? []).some(isThis))
      .map(({ inputs }) => inputs.policyArn),
  ];
  return [
    ...(role.inputs.inlinePolicies ?? []).flatMap((inline: any) => parsePolicy(inline.policy, role.name)),
    ...graph
      .all("aws:iam/rolePolicy:RolePolicy")
      .filter(({ inputs }) => isThis(inputs.role))
      .flatMap(({ inputs, name }) => parsePolicy(inputs.policy, name)),
    ...attached.flatMap((arn: string) => managedPolicy(arn, graph, role.name)),
  ];
}

function managedPolicy(arn: string, graph: ResolvedGraph, role: string): Statement[] {
  const aws = /^arn:[\w-]+:iam::aws:policy\/(.+)$/.exec(arn)?.[1];
  if (aws !== undefined) {
    const known = MANAGED[aws];
    if (known) return known;
    throw new Error(
      `${role} has AWS's policy ${aws} attached, which the embedded AWS does not know: add it to managed.ts.`,
    );
  }
  const own = graph.all("aws:iam/policy:Policy").find(({ attributes }) => attributes.arn === arn);
  if (!own) throw new Error(`${role} has the policy ${arn} attached, which is not in the graph.`);
  return parsePolicy(own.inputs.policy, own.name);
}

/** The statements of resource policies in the graph, by ARN. */
export function resourcePolicies(graph: ResolvedGraph): Map<string, Statement[]> {
  const found = new Map<string, Statement[]>();
  const add = (arn: string, statements: Statement[]) =>
    found.set(arn, [...(found.get(arn) ?? []), ...statements]);
  for (const [type, arnOf] of Object.entries(RESOURCE_POLICIES))
    for (const resource of graph.all(type))
      if (resource.inputs.policy)
        add(arnOf(resource, graph), parsePolicy(resource.inputs.policy, resource.name));
  for (const permission of graph.all("aws:lambda/permission:Permission")) {
    const { inputs } = permission;
    add(functionArn(inputs.function, graph), [
      {
        Effect: "Allow",
        Action: inputs.action,
        Principal: inputs.principal === "*" ? "*" : { Service: inputs.principal },
        ...(inputs.sourceArn && { Condition: { ArnLike: { "aws:SourceArn": inputs.sourceArn } } }),
      },
    ]);
  }
  return found;
}

function queueArn(url: string, graph: ResolvedGraph): string {
  const queue = graph
    .all("aws:sqs/queue:Queue")
    .find(({ attributes }) => [attributes.url, attributes.id].includes(url));
  return queue?.attributes.arn ?? url;
}

/** Permissions name a function by its name or its ARN. */
function functionArn(named: string, graph: ResolvedGraph): string {
  const found = graph
    .all("aws:lambda/function:Function")
    .find(({ attributes }) => [attributes.name, attributes.arn].includes(named));
  return found?.attributes.arn ?? named;
}
