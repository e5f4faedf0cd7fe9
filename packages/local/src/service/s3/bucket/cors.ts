// CORS rules of buckets: responses to preflights, and headers of other responses.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Bucket } from "./buckets.ts";

interface Rule {
  AllowedOrigins?: string[];
  AllowedMethods?: string[];
  AllowedHeaders?: string[];
  ExposeHeaders?: string[];
  MaxAgeSeconds?: number;
}

/** Patterns contain at most one `*`, which matches any text. */
function matchesPattern(pattern: string, text: string): boolean {
  const [head = "", tail] = pattern.split("*");
  if (tail === undefined) return pattern === text;
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

function findRule(bucket: Bucket, origin: string, method: string, headers: string[]): Rule | undefined {
  return bucket.config.cors?.find(
    ({ AllowedOrigins = [], AllowedMethods = [], AllowedHeaders = [] }: Rule) =>
      AllowedOrigins.some((pattern) => matchesPattern(pattern, origin)) &&
      AllowedMethods.includes(method) &&
      headers.every((name) => AllowedHeaders.some((pattern) => matchesPattern(pattern.toLowerCase(), name))),
  );
}

/** Whether a rule allows this cross-origin request. */
export function allowsOrigin(bucket: Bucket, { headers, method = "GET" }: IncomingMessage): boolean {
  return findRule(bucket, headers.origin ?? "", method, []) !== undefined;
}

/** Sets the headers that let the page read the response, when a rule allows it. */
export function setCorsHeaders(bucket: Bucket, request: IncomingMessage, response: ServerResponse) {
  const { origin } = request.headers;
  if (origin === undefined) return;
  const rule = findRule(bucket, origin, request.method ?? "GET", []);
  if (rule) setOriginHeaders(rule, origin, response);
}

export function handlePreflight(
  bucket: Bucket | undefined,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { origin = "" } = request.headers;
  const method = String(request.headers["access-control-request-method"] ?? "");
  const headers = String(request.headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  const rule = bucket && findRule(bucket, origin, method, headers);
  if (!rule) {
    const why = bucket?.config.cors
      ? "This CORS request is not allowed."
      : "CORS is not enabled for this bucket.";
    response.writeHead(403, { "content-type": "application/xml" });
    response.end(
      `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessForbidden</Code><Message>CORSResponse: ${why} ` +
        "This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or " +
        "Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.</Message></Error>",
    );
    return;
  }
  setOriginHeaders(rule, origin, response);
  response.setHeader("access-control-allow-methods", (rule.AllowedMethods ?? []).join(", "));
  if (headers.length > 0) response.setHeader("access-control-allow-headers", headers.join(", "));
  if (rule.MaxAgeSeconds !== undefined) response.setHeader("access-control-max-age", rule.MaxAgeSeconds);
  response.writeHead(200).end();
}

function setOriginHeaders(rule: Rule, origin: string, response: ServerResponse) {
  const open = rule.AllowedOrigins?.includes("*") ?? false;
  response.setHeader("access-control-allow-origin", open ? "*" : origin);
  if (!open) response.setHeader("access-control-allow-credentials", "true");
  if (rule.ExposeHeaders?.length)
    response.setHeader("access-control-expose-headers", rule.ExposeHeaders.join(", "));
  response.setHeader("vary", "Origin, Access-Control-Request-Headers, Access-Control-Request-Method");
}
