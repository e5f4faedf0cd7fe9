import { OpenAPIHono } from "@hono/zod-openapi";
import { invalidInput } from "@sluice/core/error/error.ts";
import type { Bearer } from "@sluice/core/token/token.ts";

export interface Env {
  Variables: { requestId: string; caller: Bearer };
}

/** A router that reports schema errors as problem documents, with each field. */
export function createRouter() {
  return new OpenAPIHono<Env>({
    defaultHook: (result) => {
      if (!result.success) throw invalidInput(result.error);
    },
  });
}
