// Live updates: clients subscribe over a WebSocket API, and domain events are sent to them. A client holds no function.
import { records } from "./access.ts";
import { apiUrl } from "./api.ts";
import { bus } from "./bus.ts";
import { queueEvents } from "./events.ts";
import { settings } from "./function.ts";
import { consume, queueWithDeadLetters, receiveFrom } from "./queues.ts";
import { tableLink } from "./table.ts";

const SEND_SECONDS = 20;
/** Each has up to ten events. More batches would use up the concurrency of a new account, and coalesce less. */
const CONCURRENT_SENDS = 2;

const socket = new sst.aws.ApiGatewayWebSocket("Live", {
  accessLog: { retention: "1 month" },
  transform: {
    // Of messages from clients: each subscribes once and pings every four minutes.
    stage: { defaultRouteSettings: { throttlingBurstLimit: 500, throttlingRateLimit: 100 } },
  },
});

export const liveLink = new sst.Linkable("LiveUpdates", { properties: { url: socket.url } });
export const urls = { api: apiUrl, live: socket.url };

const manageConnections = (...methods: ("POST" | "DELETE")[]) => ({
  actions: ["execute-api:ManageConnections"],
  resources: methods.map(
    (method) => $interpolate`${socket.nodes.api.executionArn}/$default/${method}/@connections/*`,
  ),
});

const messages = new sst.aws.Function("LiveMessages", {
  ...settings,
  handler: "packages/api/src/live.handler",
  description: "Messages of live clients: subscribe and ping",
  memory: "512 MB",
  timeout: "10 seconds",
  link: [tableLink, liveLink],
  permissions: [
    records.get,
    records.put,
    // The indexes of events by time and by model, and of predictions by change.
    records.queryIndex("gsi1", "gsi2", "gsi3"),
    // The oldest connections of a token with too many are closed.
    records.query,
    records.delete,
    manageConnections("DELETE"),
  ],
});

// Any other message gets the gateway's own error, without a function.
for (const [action, name] of [
  ["subscribe", "Subscribe"],
  ["ping", "Ping"],
] as const) {
  const route = socket.route(action, messages.arn, {
    name,
    // Sends the function's response to the client.
    transform: { route: { routeResponseSelectionExpression: "$default" } },
  });
  new aws.apigatewayv2.RouteResponse(`Live${name}Response`, {
    apiId: socket.nodes.api.id,
    routeId: route.nodes.route.apply(({ id }) => id),
    routeResponseKey: "$default",
  });
}

export const liveQueue = queueWithDeadLetters("LiveEvents", SEND_SECONDS);

const send = new sst.aws.Function("SendLive", {
  ...settings,
  handler: "packages/functions/src/queue/live-send.handler",
  description: "Domain events to the connections of live clients",
  memory: "512 MB",
  timeout: `${SEND_SECONDS} seconds`,
  link: [tableLink, liveLink],
  permissions: [
    // Of tokens and predictions.
    records.batchGet,
    // Of connections.
    records.query,
    records.delete,
    receiveFrom(liveQueue),
    manageConnections("POST", "DELETE"),
  ],
});
consume("SendLive", liveQueue, { fn: send, batchSize: 10, concurrency: CONCURRENT_SENDS });

queueEvents("LiveChanges", {
  description: "Domain events for live clients",
  bus: bus.name,
  pattern: { source: ["sluice"] },
  to: liveQueue,
});
