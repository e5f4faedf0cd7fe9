// Serves HTTP APIs under /_api/<api>/...
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Kernel, Service } from "../../kernel/service.ts";
import { StorageError } from "../../kernel/storage-error.ts";
import { allowsRequest, corsHeaders, preflightHeaders } from "../lambda/http/cors.ts";
import { BodyTooLarge, readRequest, toHttpEvent, type HttpRequest } from "../lambda/http/request.ts";
import { sendResponse, sendError, toHttpResponse } from "../lambda/http/response.ts";
import { PREFIX, readApis, type HttpApi } from "./declared.ts";
import { PAYLOAD_BYTES } from "./limits.ts";
import { matchRoute, type RouteMatch } from "./route.ts";
import type { Target } from "./declared.ts";

const TIMED_OUT = Symbol("timed out");
const PRINCIPAL = { kind: "service", name: "apigateway.amazonaws.com" } as const;

export function startApiGateway(kernel: Kernel): Service {
  const apis = readApis(kernel.graph);

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
    const Payload = Buffer.from(JSON.stringify(event));
    const outcome = await withTimeout(
      route.target.timeoutMs,
      kernel.call<{ Payload: Uint8Array; FunctionError?: string }>(
        "lambda",
        "Invoke",
        { FunctionName: route.target.functionArn, Payload },
        PRINCIPAL,
      ),
    );
    if (outcome === TIMED_OUT) return sendError(response, 503, "Service Unavailable", headers);
    if (outcome instanceof Error) {
      if (outcome instanceof StorageError) return sendError(response, 503, outcome.message, headers);
      const { code } = outcome as { code?: string };
      if (code === "RequestTooLargeException")
        return sendError(response, 413, "Request Entity Too Large", headers);
      if (code === "TooManyRequestsException")
        return sendError(response, 503, "Service Unavailable", headers);
      kernel.log("error", `${api.id} ${route.key}: ${outcome.message}`, { requestId });
      return sendError(response, 500, "Internal Server Error", headers);
    }
    const result = outcome.FunctionError
      ? undefined
      : toHttpResponse(Buffer.from(outcome.Payload).toString());
    if (!result) return sendError(response, 500, "Internal Server Error", headers);
    sendResponse(response, { ...result, headers: { ...result.headers, ...headers } });
  }

  /** Resolves to the result, the error or TIMED_OUT. The work is not canceled. */
  function withTimeout<Value>(ms: number, work: Promise<Value>): Promise<Value | Error | typeof TIMED_OUT> {
    return new Promise((resolve) => {
      const cancel = kernel.clock.after(ms, () => resolve(TIMED_OUT));
      work.then(resolve, resolve).finally(cancel);
    });
  }

  return { operations: {}, access: () => [], routes: { [PREFIX]: { serve, allowsOrigin } } };
}
