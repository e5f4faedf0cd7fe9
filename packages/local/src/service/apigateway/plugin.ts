// API Gateway: HTTP APIs and WebSocket APIs (version 2).
import type { Plugin } from "../../kernel/service.ts";
import { API, INTEGRATION, PREFIX, ROUTE, STAGE } from "./declared.ts";
import { serveHttpApis } from "./server.ts";
import { PREFIX as WEBSOCKET_PREFIX, ROUTE_RESPONSE } from "./websocket/declared.ts";
import { AUTHORIZER } from "./websocket/declared-authorizer.ts";
import { serveWebSockets } from "./websocket/server.ts";

export const apigateway: Plugin = {
  name: "apigateway",
  resources: {
    [API]: ({ name, inputs }, { partition, region, account, endpoint }) => ({
      id: name,
      name,
      ...(inputs.protocolType === "WEBSOCKET"
        ? {
            apiEndpoint: `${endpoint.replace(/^http/, "ws")}${WEBSOCKET_PREFIX}${name}`,
            // AWS has both at one host name, so this is not an attribute there.
            managementEndpoint: `${endpoint}${WEBSOCKET_PREFIX}${name}`,
          }
        : { apiEndpoint: `${endpoint}${PREFIX}${name}` }),
      arn: `arn:${partition}:apigateway:${region}::/apis/${name}`,
      executionArn: `arn:${partition}:execute-api:${region}:${account}:${name}`,
    }),
    [STAGE]: ({ inputs }, { partition, region, account, endpoint }) => ({
      id: String(inputs.name),
      name: String(inputs.name),
      invokeUrl: `${endpoint}${PREFIX}${inputs.apiId}/`,
      executionArn: `arn:${partition}:execute-api:${region}:${account}:${inputs.apiId}/${inputs.name}`,
      arn: `arn:${partition}:apigateway:${region}::/apis/${inputs.apiId}/stages/${inputs.name}`,
    }),
    [INTEGRATION]: ({ name }) => ({ id: name }),
    [ROUTE]: ({ name }) => ({ id: name }),
    [ROUTE_RESPONSE]: ({ name }) => ({ id: name }),
    [AUTHORIZER]: ({ name }, { partition, region }) => ({
      id: name,
      arn: `arn:${partition}:apigateway:${region}::/authorizers/${name}`,
    }),
    // The account's role for access logs, which are not written here.
    "aws:apigateway/account:Account": ({ name, inputs }) => ({
      id: name,
      cloudwatchRoleArn: String(inputs.cloudwatchRoleArn ?? ""),
    }),
  },
  start(kernel) {
    const { routes, ...sockets } = serveWebSockets(kernel);
    return { ...sockets, routes: { ...routes, [PREFIX]: serveHttpApis(kernel) } };
  },
};
