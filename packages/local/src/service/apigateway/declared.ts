// The HTTP APIs of the graph with their routes and targets.
import type { ResolvedGraph } from "../../kernel/graph.ts";
import { GraphError } from "../../kernel/resolve.ts";
import type { CorsConfig } from "../lambda/http/cors.ts";
import type { Target } from "./invoke.ts";
import { INTEGRATION_TIMEOUT_MS } from "./limits.ts";
import type { Route } from "./route.ts";

export const API = "aws:apigatewayv2/api:Api";
export const STAGE = "aws:apigatewayv2/stage:Stage";
export const INTEGRATION = "aws:apigatewayv2/integration:Integration";
export const ROUTE = "aws:apigatewayv2/route:Route";
/** Of HTTP APIs. */
export const PREFIX = "/_api/";

export interface HttpApi {
  id: string;
  cors?: CorsConfig;
  routes: Route<Target>[];
}

export interface IntegrationInputs {
  apiId: string;
  integrationType?: string;
  integrationUri?: string;
  payloadFormatVersion?: string;
  timeoutMilliseconds?: number;
}

export function readApis(graph: ResolvedGraph): Map<string, HttpApi> {
  const integrations = new Map(
    graph.all<IntegrationInputs>(INTEGRATION).map((integration) => [integration.attributes.id!, integration]),
  );
  const apis = new Map<string, HttpApi>();
  for (const { name, inputs } of graph.all<{ protocolType?: string; corsConfiguration?: CorsConfig }>(API)) {
    if (inputs.protocolType === "WEBSOCKET") continue;
    if (inputs.protocolType && inputs.protocolType !== "HTTP")
      throw new GraphError(
        `${name} is a ${inputs.protocolType} API: the embedded AWS serves only HTTP and WebSocket APIs.`,
      );
    apis.set(name, { id: name, cors: inputs.corsConfiguration, routes: [] });
  }
  for (const { name, inputs } of graph.all<{
    apiId: string;
    routeKey: string;
    target?: string;
    authorizationType?: string;
  }>(ROUTE)) {
    const api = apis.get(inputs.apiId);
    if (!api) continue;
    const integration = integrations.get(inputs.target?.split("/").at(-1) ?? "");
    if (!integration)
      throw new GraphError(
        `${name} (${inputs.routeKey}) targets ${inputs.target}, which is not in the graph.`,
      );
    if (inputs.authorizationType && inputs.authorizationType !== "NONE")
      throw new GraphError(
        `${name} requires ${inputs.authorizationType} authorization: the embedded AWS serves only open routes.`,
      );
    api.routes.push({ key: inputs.routeKey, target: targetOf(integration.name, integration.inputs) });
  }
  return apis;
}

function targetOf(name: string, inputs: IntegrationInputs): Target {
  const functionArn = functionArnIn(inputs.integrationUri);
  if (inputs.integrationType !== "AWS_PROXY" || !functionArn || inputs.payloadFormatVersion !== "2.0")
    throw new GraphError(
      `${name} is not a Lambda proxy of payload format 2.0 (${inputs.integrationType} to ${inputs.integrationUri},` +
        ` format ${inputs.payloadFormatVersion}): the embedded AWS serves no other integration.`,
    );
  return { functionArn, timeoutMs: inputs.timeoutMilliseconds ?? INTEGRATION_TIMEOUT_MS };
}

/** The function of an integration's or authorizer's URI: its own ARN, or API Gateway's path to it. */
export const functionArnIn = (uri = "") => /arn:[^/]*:lambda:[^/]*:function:[^/]+/.exec(uri)?.[0];
