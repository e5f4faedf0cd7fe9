import { SluiceError } from "@sluice/core/error/error.ts";
import { readBearer } from "@sluice/core/token/manage.ts";
import { requireScope, type Scope } from "@sluice/core/token/token.ts";
import { createMiddleware } from "hono/factory";
import type { Env } from "./router.ts";

/** Requires a bearer token with `scope`. */
export function allow(scope: Scope) {
  return createMiddleware<Env>(async function bearer(c, next) {
    const caller = await readBearer(parseToken(c.req.header("authorization")));
    requireScope(caller, scope);
    c.set("caller", caller);
    await next();
  });
}

/** The token of the Authorization header. */
export function parseToken(header: string | undefined): string {
  const token = /^bearer +(\S+)$/i.exec(header ?? "")?.[1];
  if (token) return token;
  throw new SluiceError(
    "TOKEN_MISSING",
    header
      ? "The Authorization header does not have the form `Bearer <token>`."
      : "The request has no bearer token.",
  );
}
