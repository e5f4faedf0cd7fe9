// The authorizers of the graph, as `$connect` uses them.
import type { ResolvedGraph, ResolvedResource } from "../../../kernel/graph.ts";
import { GraphError } from "../../../kernel/resolve.ts";
import { functionArnIn } from "../declared.ts";
import type { Authorizer, IdentitySource } from "./authorizer.ts";
import { INTEGRATION_TIMEOUT_MS } from "./limits.ts";

export const AUTHORIZER = "aws:apigatewayv2/authorizer:Authorizer";

interface Inputs {
  authorizerType?: string;
  authorizerUri?: string;
  identitySources?: string[];
}

type Declared = Map<string, ResolvedResource<Inputs>>;

/** By id. */
export const readAuthorizers = (graph: ResolvedGraph): Declared =>
  new Map(graph.all<Inputs>(AUTHORIZER).map((resource) => [resource.attributes.id!, resource]));

export function authorizerOf(
  route: string,
  { authorizationType = "NONE", authorizerId = "" }: { authorizationType?: string; authorizerId?: string },
  declared: Declared,
): Authorizer | undefined {
  if (authorizationType === "NONE") return;
  const { name, inputs } = declared.get(authorizerId) ?? {};
  const functionArn = functionArnIn(inputs?.authorizerUri);
  if (authorizationType !== "CUSTOM" || inputs?.authorizerType !== "REQUEST" || !name || !functionArn)
    throw new GraphError(
      `${route} requires ${authorizationType} authorization by ${name ?? "no authorizer"}: the embedded AWS serves only` +
        " Lambda authorizers of type REQUEST.",
    );
  const identitySources = (inputs.identitySources ?? []).map((source): IdentitySource => {
    const [, from, key] = /^route\.request\.(header|querystring)\.(.+)$/.exec(source) ?? [];
    if (from && key) return { from: from as IdentitySource["from"], name: key };
    throw new GraphError(
      `${name} has the identity source ${source}: the embedded AWS serves only headers and query parameters.`,
    );
  });
  return { name, target: { functionArn, timeoutMs: INTEGRATION_TIMEOUT_MS }, identitySources };
}
