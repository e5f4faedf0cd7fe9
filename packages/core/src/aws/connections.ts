import { ApiGatewayManagementApiClient } from "@aws-sdk/client-apigatewaymanagementapi";
import { lazy } from "./lazy.ts";
import { linked } from "./link.ts";

/** The management API has the address of the WebSocket API, with https for wss. */
export const connections = lazy(
  () => new ApiGatewayManagementApiClient({ endpoint: linked("LiveUpdates", "url").replace(/^ws/, "http") }),
);
