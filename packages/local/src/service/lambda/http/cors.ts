// CORS as an HTTP API and a function URL do it: by configuration, whatever the function says.

export interface CorsConfig {
  allowCredentials?: boolean;
  allowHeaders?: string[];
  allowMethods?: string[];
  allowOrigins?: string[];
  exposeHeaders?: string[];
  maxAge?: number;
}

/** Headers for the answer to a request from `origin`; empty when the origin is not allowed. */
export function corsHeaders(cors: CorsConfig, origin: string): Record<string, string> {
  const allowed = cors.allowOrigins ?? [];
  const matching = allowed.find((pattern) => pattern === "*" || like(pattern, origin));
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

function like(pattern: string, origin: string) {
  const source = pattern.split("*").map(RegExp.escape).join(".*");
  return new RegExp(`^${source}$`, "i").test(origin);
}
