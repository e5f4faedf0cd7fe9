// Function URLs under /_url/<function>/...: buffered, or streamed as the handler writes.
import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../../kernel/error.ts";
import type { HttpRoute, Kernel } from "../../kernel/service.ts";
import { StorageError } from "../../kernel/storage-error.ts";
import type { Fleet } from "./fleet.ts";
import { allowsRequest, corsHeaders, preflightHeaders, type CorsConfig } from "./http/cors.ts";
import { BodyTooLarge, readRequest, toHttpEvent } from "./http/request.ts";
import { sendResponse, sendError, toHttpResponse } from "./http/response.ts";
import { SYNC_PAYLOAD_BYTES } from "./limits.ts";
import { streamResponse } from "./streaming.ts";

export const PREFIX = "/_url/";

interface UrlInputs {
  functionName: string;
  authorizationType?: "NONE" | "AWS_IAM";
  invokeMode?: "BUFFERED" | "RESPONSE_STREAM";
  cors?: CorsConfig;
}

export function functionUrls(
  kernel: Kernel,
  fleets: Map<string, Fleet>,
  named: (reference: string) => string,
): HttpRoute {
  const urls = new Map<string, { inputs: UrlInputs; fleet: Fleet }>();
  for (const { inputs } of kernel.graph.all<UrlInputs>("aws:lambda/functionUrl:FunctionUrl")) {
    const fleet = fleets.get(named(inputs.functionName));
    if (!fleet) continue;
    urls.set(fleet.definition.name, { inputs, fleet });
    urls.set(fleet.definition.resource, { inputs, fleet });
  }

  return {
    serve,
    allowsOrigin: (request) => allowsRequest(urls.get(decode(nameIn(request)) ?? "")?.inputs.cors, request),
  };

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const encodedName = nameIn(request);
    const id = decode(encodedName);
    if (id === undefined)
      return sendError(response, 400, `The name "${encodedName}" is not percent-encoded UTF-8.`);
    const url = urls.get(id);
    if (!url)
      return sendError(
        response,
        404,
        `No function URL "${id}" here. There are: ${[...urls.keys()].join(", ") || "none"}.`,
      );
    const { inputs, fleet } = url;
    if (inputs.authorizationType === "AWS_IAM")
      return sendError(
        response,
        501,
        "The embedded AWS does not implement function URLs with AWS_IAM authorization.",
      );
    const origin = request.headers.origin;
    const cors = inputs.cors && origin ? corsHeaders(inputs.cors, origin) : {};
    if (
      inputs.cors &&
      origin &&
      request.method === "OPTIONS" &&
      request.headers["access-control-request-method"]
    )
      return sendResponse(response, {
        statusCode: 200,
        headers: preflightHeaders(inputs.cors, origin),
        body: Buffer.alloc(0),
      });
    const requestId = randomUUID();
    try {
      const event = toHttpEvent(await readRequest(request, `${PREFIX}${encodedName}`, SYNC_PAYLOAD_BYTES), {
        accountId: "anonymous",
        apiId: id,
        stage: "$default",
        routeKey: "$default",
        requestId,
        now: kernel.clock.now(),
      });
      const payload = JSON.stringify(event);
      if (inputs.invokeMode === "RESPONSE_STREAM") {
        const result = await fleet.invoke({
          requestId,
          payload,
          stream: streamResponse(response, kernel.clock, cors),
        });
        if (response.headersSent) return void response.end();
        // The handler does not stream: send its result.
        return result.functionError
          ? sendError(response, 502, "Internal Server Error", cors)
          : send(response, result.payload, cors);
      }
      const result = await fleet.invoke({ requestId, payload });
      if (result.functionError) return sendError(response, 502, "Internal Server Error", cors);
      send(response, result.payload, cors);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      if (error instanceof BodyTooLarge) return sendError(response, 413, "Request Entity Too Large", cors);
      if (error instanceof AwsError && error.status === 429)
        return sendError(response, 429, "Too Many Requests", cors);
      if (error instanceof StorageError) return sendError(response, 503, error.message, cors);
      throw error;
    }
  }
}

/** The function's name, percent-encoded as in the request. */
const nameIn = ({ url = "" }: IncomingMessage) => /^\/_url\/([^/?]+)/.exec(url)?.[1] ?? "";

function send(response: ServerResponse, payload: string, cors: Record<string, string>) {
  const result = toHttpResponse(payload);
  if (!result) return sendError(response, 502, "Internal Server Error", cors);
  sendResponse(response, { ...result, headers: { ...result.headers, ...cors } });
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
