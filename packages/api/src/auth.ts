// Who calls, and whether they may: a bearer token with scopes. `admin` may do everything.
import * as Token from "@sluice/core/token/token.ts";
import { SluiceError } from "@sluice/core/error/error.ts";
import { createMiddleware } from "hono/factory";
import type { Env } from "./env.ts";

/** `query`: a browser's EventSource cannot set headers, so the live routes also take `?token=`. */
export function allow(scope: Token.Scope, from: "header" | "header or query" = "header") {
  return createMiddleware<Env>(async function bearer(c, next) {
    const header = c.req.header("authorization");
    const bearer = /^bearer +(\S+)$/i.exec(header ?? "")?.[1];
    const token = bearer ?? (from === "header or query" ? c.req.query("token") : undefined);
    if (header && !bearer) {
      throw new SluiceError("TOKEN_MISSING", "The Authorization header is not of the form `Bearer <token>`.");
    }
    if (!token) throw new SluiceError("TOKEN_MISSING", "The request carries no bearer token.");
    const caller = await Token.fromBearer(token);
    if (!caller.scopes.includes(scope) && !caller.scopes.includes("admin")) {
      throw new SluiceError("SCOPE_MISSING", `The token "${caller.name}" lacks the scope "${scope}".`);
    }
    c.set("caller", caller);
    await next();
  });
}
