// Serves HTTP APIs under /_api/<api>/...
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { HttpRoute, Kernel } from "../../kernel/service.ts";
import { allowsRequest, corsHeaders, preflightHeaders } from "../lambda/http/cors.ts";
import { BodyTooLarge, readRequest, toHttpEvent, type HttpRequest } from "../lambda/http/request.ts";
import { sendResponse, sendError, toHttpResponse } from "../lambda/http/response.ts";
import { PREFIX, readApis, type HttpApi } from "./declared.ts";
import { invokeFunction, type Target } from "./invoke.ts";
import { PAYLOAD_BYTES } from "./limits.ts";
import { openMeter } from "./meter.ts";
import { matchRoute, type RouteMatch } from "./route.ts";
import { openThrottles } from "./throttle.ts";

const FAILURES = {
  function: [500, "Internal Server Error"],
  other: [500, "Internal Server Error"],
  timeout: [503, "Service Unavailable"],
  throttled: [503, "Service Unavailable"],
  "too-large": [413, "Request Entity Too Large"],
  // With the reason, which is the developer's disk.
  storage: [503, ""],
} as const;

export function serveHttpApis(kernel: Kernel): HttpRoute {
  const apis = readApis(kernel.graph);
  const throttles = openThrottles(kernel);
  const meter = openMeter(kernel);

  const idOf = ({ url = "" }: IncomingMessage) => /^\/_api\/([^/?]+)/.exec(url)?.[1] ?? "";

  const allowsOrigin = (request: IncomingMessage) => allowsRequest(apis.get(idOf(request))?.cors, request);

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const id = idOf(request);
    const api = apis.get(id);
    if (!api)
      return sendError(
        response,
        404,
        `No HTTP API "${id}" here. There are: ${[...apis.keys()].join(", ") || "none"}.`,
      );
    const { origin } = request.headers;
    if (
      api.cors &&
      origin &&
      request.method === "OPTIONS" &&
      request.headers["access-control-request-method"]
    )
      return sendResponse(response, {
        statusCode: 204,
        headers: preflightHeaders(api.cors, origin),
        body: Buffer.alloc(0),
      });
    const cors = api.cors && origin ? corsHeaders(api.cors, origin) : {};
    meter.record(id, response);
    if (!throttles.allows(id)) return sendError(response, 429, "Too Many Requests", cors);
    try {
      const received = await readRequest(request, `${PREFIX}${id}`, PAYLOAD_BYTES);
      const match = matchRoute(api.routes, received.method, received.path);
      if (!match) return sendError(response, 404, "Not Found", cors);
      await proxy(api, match, received, response, cors);
    } catch (error) {
      if (!(error instanceof BodyTooLarge)) throw error;
      sendError(response, 413, "Request Entity Too Large", cors);
    }
  }

  async function proxy(
    api: HttpApi,
    { route, parameters }: RouteMatch<Target>,
    request: HttpRequest,
    response: ServerResponse,
    cors: Record<string, string>,
  ) {
    const requestId = randomUUID();
    const headers = { "apigw-requestid": requestId, ...cors };
    const event = toHttpEvent(request, {
      accountId: kernel.cloud.account,
      apiId: api.id,
      stage: "$default",
      routeKey: route.key,
      requestId,
      now: kernel.clock.now(),
      pathParameters: parameters,
    });
    const outcome = await invokeFunction(kernel, route.target, event, `${api.id} ${route.key}`);
    if ("failure" in outcome) {
      const [status, message] = FAILURES[outcome.failure];
      return sendError(response, status, message || outcome.message, headers);
    }
    const result = toHttpResponse(outcome.payload);
    if (!result) return sendError(response, 500, "Internal Server Error", headers);
    sendResponse(response, { ...result, headers: { ...result.headers, ...headers } });
  }

  return { serve, allowsOrigin };
}
