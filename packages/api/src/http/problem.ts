// Errors as application/problem+json (RFC 9457), with a code and a hint.
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

/** Errors of the HTTP framework, before a route runs. */
const HTTP_ERRORS: Record<number, { code: string; hint: string }> = {
  400: { code: "REQUEST_MALFORMED", hint: "Send a body that matches its content type." },
  404: { code: "ROUTE_UNKNOWN", hint: "See /openapi.json for the routes." },
  413: { code: "BODY_TOO_LARGE", hint: "Request an upload form instead: POST /uploads." },
  415: {
    code: "CONTENT_TYPE_WRONG",
    hint: "Send the content type of the route, which is application/json for most.",
  },
};

export function toProblem(c: Context, thrown: unknown): Response {
  if (thrown instanceof HTTPException) {
    const known = HTTP_ERRORS[thrown.status] ?? { code: `HTTP_${thrown.status}`, hint: "See /openapi.json." };
    return respond(c, thrown.status, known.code, thrown.message || known.code, known.hint);
  }
  const error = toSluiceError(thrown);
  // The message of an unexpected error may contain internal data. The log has it, with the request id.
  const detail = error.code === "UNEXPECTED" ? "An internal error occurred." : error.message;
  if (error.kind === "system")
    log().error(error.message, {
      code: error.code,
      requestId: c.var.requestId,
      path: c.req.path,
      cause: causeOf(error),
    });
  return respond(c, STATUS[error.category], error.code, detail, error.hint, error.details["issues"]);
}

export function notFound(c: Context): Response {
  const { code, hint } = HTTP_ERRORS[404]!;
  return respond(c, 404, code, `There is no route ${c.req.method} ${c.req.path}.`, hint);
}

function respond(
  c: Context,
  status: ContentfulStatusCode,
  code: string,
  detail: string,
  hint: string,
  issues?: unknown,
) {
  const body = {
    type: `urn:sluice:problem:${code}`,
    title: titleOf(code),
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

/** MODEL_UNKNOWN: "Model unknown" */
const titleOf = (code: string) => code.charAt(0) + code.slice(1).toLowerCase().replaceAll("_", " ");

function causeOf(error: SluiceError) {
  const cause = error.cause instanceof Error ? error.cause : error;
  return { name: cause.name, message: cause.message, stack: cause.stack };
}
