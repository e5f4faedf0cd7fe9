// Every error leaves as application/problem+json (RFC 9457) with the code and the fix in it.
import type { ErrorCategory } from "@sluice/core/error/codes.ts";
import { type SluiceError, toSluiceError } from "@sluice/core/error/error.ts";
import { log } from "@sluice/core/log.ts";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";

const STATUS: Record<ErrorCategory, ContentfulStatusCode> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  unavailable: 503,
  failed: 500,
};

/** What an HTTP framework refuses on its own, before any of our code runs. */
const HTTP_CODES: Record<number, { code: string; hint: string }> = {
  400: { code: "REQUEST_MALFORMED", hint: "Send a body that matches its content type." },
  404: { code: "ROUTE_UNKNOWN", hint: "See /openapi.json for the routes there are." },
  413: { code: "BODY_TOO_LARGE", hint: "Ask for an upload instead: POST /uploads." },
  415: {
    code: "CONTENT_TYPE_WRONG",
    hint: "Send the Content-Type the route asks for; most take application/json.",
  },
};

export function problem(c: Context, thrown: unknown): Response {
  if (thrown instanceof HTTPException) {
    const known = HTTP_CODES[thrown.status] ?? { code: `HTTP_${thrown.status}`, hint: "See /openapi.json." };
    return answer(c, thrown.status, known.code, thrown.message || known.code, known.hint);
  }
  const error = toSluiceError(thrown);
  // A defect's own words may hold what a caller should not read; the log has them under the request's id.
  const detail = error.code === "UNEXPECTED" ? "Something went wrong inside." : error.message;
  if (error.kind === "system")
    log().error(error.message, {
      code: error.code,
      requestId: c.var.requestId,
      path: c.req.path,
      cause: causeOf(error),
    });
  return answer(c, STATUS[error.category], error.code, detail, error.hint, error.details["issues"]);
}

export function notFound(c: Context): Response {
  const { code, hint } = HTTP_CODES[404]!;
  return answer(c, 404, code, `There is no ${c.req.method} ${c.req.path}.`, hint);
}

function answer(
  c: Context,
  status: ContentfulStatusCode,
  code: string,
  detail: string,
  hint: string,
  issues?: unknown,
) {
  const body = {
    type: `urn:sluice:problem:${code}`,
    title: title(code),
    status,
    detail,
    code,
    hint,
    instance: c.req.path,
    requestId: c.var.requestId,
    ...(issues !== undefined && { issues }),
  };
  const headers: Record<string, string> = {
    "content-type": "application/problem+json",
    "cache-control": "no-store",
  };
  if (status === 401) headers["www-authenticate"] = "Bearer";
  if (status === 503) headers["retry-after"] = "2";
  return c.body(JSON.stringify(body), status, headers);
}

const title = (code: string) => code.charAt(0) + code.slice(1).toLowerCase().replaceAll("_", " ");

function causeOf(error: SluiceError) {
  const cause = error.cause instanceof Error ? error.cause : error;
  return { name: cause.name, message: cause.message, stack: cause.stack };
}
