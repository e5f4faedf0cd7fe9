// CORS headers of HTTP APIs and function URLs. The configuration applies, not the function's headers.
import type { IncomingMessage } from "node:http";

export interface CorsConfig {
  allowCredentials?: boolean;
  allowHeaders?: string[];
  allowMethods?: string[];
  allowOrigins?: string[];
  exposeHeaders?: string[];
  maxAge?: number;
}

/** Methods that browsers send without a preflight. */
const SIMPLE_METHODS = ["GET", "HEAD", "POST"];

/** Whether the rules allow this cross-origin request. */
export function allowsRequest(
  cors: CorsConfig | undefined,
  { method = "GET", headers }: Pick<IncomingMessage, "method" | "headers">,
): boolean {
  // Browsers fetch images and scripts without an Origin: only a rule for all origins allows those.
  if (!cors || !findOrigin(cors, headers.origin ?? "*")) return false;
  const requested = method === "OPTIONS" ? (headers["access-control-request-method"] ?? method) : method;
  const methods = cors.allowMethods ?? SIMPLE_METHODS;
  return methods.includes("*") || methods.some((each) => each.toUpperCase() === requested.toUpperCase());
}

/** Response headers for a request from `origin`; empty when the origin is not allowed. */
export function corsHeaders(cors: CorsConfig, origin: string): Record<string, string> {
  const matching = findOrigin(cors, origin);
  if (!matching) return {};
  const any = matching === "*" && !cors.allowCredentials;
  return {
    "access-control-allow-origin": any ? "*" : origin,
    ...(!any && { vary: "Origin" }),
    ...(cors.allowCredentials && { "access-control-allow-credentials": "true" }),
    ...(cors.exposeHeaders?.length && { "access-control-expose-headers": cors.exposeHeaders.join(",") }),
  };
}

export function preflightHeaders(cors: CorsConfig, origin: string): Record<string, string> {
  const base = corsHeaders(cors, origin);
  if (!base["access-control-allow-origin"]) return {};
  return {
    ...base,
    ...(cors.allowMethods?.length && { "access-control-allow-methods": cors.allowMethods.join(",") }),
    ...(cors.allowHeaders?.length && { "access-control-allow-headers": cors.allowHeaders.join(",") }),
    ...(cors.maxAge !== undefined && { "access-control-max-age": String(cors.maxAge) }),
  };
}

const findOrigin = (cors: CorsConfig, origin: string) =>
  cors.allowOrigins?.find((pattern) => pattern === "*" || like(pattern, origin));

function like(pattern: string, origin: string) {
  const source = pattern.split("*").map(RegExp.escape).join(".*");
  return new RegExp(`^${source}$`, "i").test(origin);
}
