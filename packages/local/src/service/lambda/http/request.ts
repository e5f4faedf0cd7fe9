// Converts an HTTP request to an event of payload format 2.0, for HTTP APIs and function URLs.
import type { IncomingMessage } from "node:http";

export interface HttpRequest {
  method: string;
  /** Percent-encoded, without the prefix of this cloud. */
  path: string;
  query: string;
  headers: Record<string, string>;
  cookies: string[];
  body: Buffer;
  sourceIp: string;
  protocol: string;
}

export class BodyTooLarge extends Error {}

export async function readRequest(
  request: IncomingMessage,
  prefix: string,
  mostBytes: number,
): Promise<HttpRequest> {
  const [target = "/", query = ""] = splitOnce(request.url ?? "/", "?");
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= mostBytes) chunks.push(chunk);
  }
  if (size > mostBytes) throw new BodyTooLarge();
  const { headers, cookies } = collectHeaders(request.rawHeaders);
  return {
    method: request.method ?? "GET",
    path: target.slice(prefix.length) || "/",
    query,
    headers,
    cookies,
    body: Buffer.concat(chunks),
    sourceIp: (request.socket.remoteAddress ?? "127.0.0.1").replace("::ffff:", ""),
    protocol: `HTTP/${request.httpVersion}`,
  };
}

export interface RequestContext {
  accountId: string;
  apiId: string;
  stage: string;
  routeKey: string;
  requestId: string;
  now: number;
  pathParameters?: Record<string, string>;
  stageVariables?: Record<string, string>;
}

export function toHttpEvent(request: HttpRequest, context: RequestContext) {
  const { headers, body } = request;
  const text = isText(headers);
  const host = headers.host ?? "127.0.0.1";
  const query = [...new URLSearchParams(request.query)];
  const parameters: Record<string, string> = {};
  for (const [name, value] of query)
    parameters[name] = name in parameters ? `${parameters[name]},${value}` : value;
  return {
    version: "2.0",
    routeKey: context.routeKey,
    rawPath: request.path,
    rawQueryString: request.query,
    ...(request.cookies.length > 0 && { cookies: request.cookies }),
    headers: {
      ...headers,
      "x-forwarded-for": request.sourceIp,
      "x-forwarded-port": host.split(":")[1] ?? "80",
      "x-forwarded-proto": "http",
    },
    ...(query.length > 0 && { queryStringParameters: parameters }),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      domainName: host,
      domainPrefix: context.apiId,
      http: {
        method: request.method,
        path: request.path,
        protocol: request.protocol,
        sourceIp: request.sourceIp,
        userAgent: headers["user-agent"] ?? "",
      },
      requestId: context.requestId,
      routeKey: context.routeKey,
      stage: context.stage,
      time: commonLogTime(context.now),
      timeEpoch: context.now,
    },
    ...(context.pathParameters && { pathParameters: context.pathParameters }),
    ...(context.stageVariables && { stageVariables: context.stageVariables }),
    ...(body.length > 0 && { body: body.toString(text ? "utf8" : "base64") }),
    isBase64Encoded: body.length > 0 && !text,
  };
}

function collectHeaders(raw: string[]) {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!.toLowerCase();
    const value = raw[at + 1]!;
    if (name === "cookie") cookies.push(...value.split(/;\s*/).filter(Boolean));
    else headers[name] = name in headers ? `${headers[name]},${value}` : value;
  }
  return { headers, cookies };
}

// Other bodies, including forms, are base64.
const TEXT_TYPE = /^(text\/|application\/(json|javascript|xml|[^;]*\+(json|xml))\s*(;|$))/i;

function isText(headers: Record<string, string>) {
  const encoding = headers["content-encoding"];
  return TEXT_TYPE.test(headers["content-type"] ?? "text/plain") && (!encoding || encoding === "identity");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export function commonLogTime(now: number) {
  const iso = new Date(now).toISOString();
  return `${iso.slice(8, 10)}/${MONTHS[Number(iso.slice(5, 7)) - 1]}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

function splitOnce(text: string, mark: string) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
