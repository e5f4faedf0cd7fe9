// The WebSocket APIs of the graph with their stages and routes. What is not served is an error that names the resource.
import type { ResolvedGraph } from "../../../kernel/graph.ts";
import { GraphError } from "../../../kernel/resolve.ts";
import { API, functionArnIn, INTEGRATION, ROUTE, STAGE, type IntegrationInputs } from "../declared.ts";
import type { Target } from "../invoke.ts";
import type { Authorizer } from "./authorizer.ts";
import { authorizerOf, readAuthorizers } from "./declared-authorizer.ts";
import { INTEGRATION_TIMEOUT_MS } from "./limits.ts";
import { compileSelection, type Selection } from "./selection.ts";

export const PREFIX = "/_ws/";
export const ROUTE_RESPONSE = "aws:apigatewayv2/routeResponse:RouteResponse";

export interface WebSocketApi {
  id: string;
  select: Selection;
  routes: Map<string, WebSocketRoute>;
  /** The variables of each stage. */
  stages: Map<string, Record<string, string>>;
}

export interface WebSocketRoute {
  key: string;
  target: Target;
  /** Of `$connect` only. */
  authorizer?: Authorizer;
  /** Whether the client gets the function's response. */
  responds: boolean;
}

interface RouteInputs {
  apiId: string;
  routeKey: string;
  target?: string;
  authorizationType?: string;
  authorizerId?: string;
  apiKeyRequired?: boolean;
}

export function readWebSocketApis(graph: ResolvedGraph): Map<string, WebSocketApi> {
  const apis = new Map<string, WebSocketApi>();
  for (const { name, inputs } of graph.all<{ protocolType?: string; routeSelectionExpression?: string }>(API))
    if (inputs.protocolType === "WEBSOCKET") {
      const select = compileSelection(inputs.routeSelectionExpression ?? "", name);
      apis.set(name, { id: name, select, routes: new Map(), stages: new Map() });
    }
  for (const { inputs } of graph.all<{
    apiId: string;
    name: string;
    stageVariables?: Record<string, string>;
  }>(STAGE))
    apis.get(inputs.apiId)?.stages.set(inputs.name, inputs.stageVariables ?? {});

  const responding = new Set(
    graph.all<{ routeId: string }>(ROUTE_RESPONSE).map(({ inputs }) => inputs.routeId),
  );
  const targets = new Map(
    graph
      .all<IntegrationInputs>(INTEGRATION)
      .map(({ name, inputs, attributes }) => [attributes.id, { name, inputs }]),
  );
  const authorizers = readAuthorizers(graph);
  for (const { name, inputs, attributes } of graph.all<RouteInputs>(ROUTE)) {
    const api = apis.get(inputs.apiId);
    if (!api) continue;
    const key = inputs.routeKey;
    if (inputs.apiKeyRequired)
      throw new GraphError(`${name} (${key}) requires an API key: the embedded AWS does not serve API keys.`);
    const integration = targets.get(inputs.target?.split("/").at(-1));
    if (!integration)
      throw new GraphError(`${name} (${key}) targets ${inputs.target}, which is not in the graph.`);
    const target = targetOf(integration.name, integration.inputs);
    const authorizer = authorizerOf(name, inputs, authorizers);
    if (authorizer && key !== "$connect")
      throw new GraphError(`${name} (${key}) has an authorizer: AWS authorizes only $connect.`);
    api.routes.set(key, { key, target, authorizer, responds: responding.has(attributes.id!) });
  }
  return apis;
}

function targetOf(name: string, inputs: IntegrationInputs): Target {
  const functionArn = functionArnIn(inputs.integrationUri);
  if (inputs.integrationType !== "AWS_PROXY" || !functionArn)
    throw new GraphError(
      `${name} is not a Lambda proxy (${inputs.integrationType} to ${inputs.integrationUri}): the embedded AWS serves ` +
        "no other integration of WebSocket APIs.",
    );
  return { functionArn, timeoutMs: inputs.timeoutMilliseconds ?? INTEGRATION_TIMEOUT_MS };
}
