// What every request carries, and the app's own flavour of Hono.
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Bearer } from "@sluice/core/token/token.ts";
import { invalidInput } from "@sluice/core/error/error.ts";

export interface Env {
  Variables: { requestId: string; caller: Bearer };
}

/** A router whose schema failures are the same problems as everyone's, naming each field. */
export function router() {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error);
    },
  });
}
