import { SluiceError } from "@sluice/core/error/error.ts";
import { readBearer } from "@sluice/core/token/manage.ts";
import type { Scope } from "@sluice/core/token/token.ts";
import { createMiddleware } from "hono/factory";
import type { Env } from "./router.ts";

/** Requires a bearer token with `scope`. The scope `admin` includes all others. */
export function allow(scope: Scope, from: "header" | "header or query" = "header") {
  return createMiddleware<Env>(async function bearer(c, next) {
    // EventSource in a browser cannot set headers, so the live route also accepts `?token=`.
    const query = from === "header or query" ? c.req.query("token") : undefined;
    const caller = await readBearer(parseToken(c.req.header("authorization"), query));
    if (!caller.scopes.includes(scope) && !caller.scopes.includes("admin"))
      throw new SluiceError("SCOPE_MISSING", `The token "${caller.name}" lacks the scope "${scope}".`);
    c.set("caller", caller);
    await next();
  });
}

/** The token of the Authorization header, or `query` if there is no header. */
export function parseToken(header: string | undefined, query?: string): string {
  const token = header ? /^bearer +(\S+)$/i.exec(header)?.[1] : query;
  if (token) return token;
  throw new SluiceError(
    "TOKEN_MISSING",
    header
      ? "The Authorization header does not have the form `Bearer <token>`."
      : "The request has no bearer token.",
  );
}
