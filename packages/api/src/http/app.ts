import { randomUUID } from "node:crypto";
import type { Hono } from "hono";
import { cors } from "hono/cors";
import { notFound, toProblem } from "./problem.ts";
import type { Env } from "./router.ts";

/** Adds what every route needs: request id, CORS and problem documents. */
export function configureApp<App extends Hono<Env>>(app: App): App {
  app.use(async function request(c, next) {
    c.set("requestId", c.req.header("x-request-id")?.slice(0, 64) ?? randomUUID());
    c.header("x-request-id", c.var.requestId);
    await next();
  });
  // Any origin is safe: browsers do not send the bearer token by themselves.
  app.use(cors({ origin: "*", exposeHeaders: ["etag", "x-request-id"], maxAge: 600 }));
  app.onError((error, c) => toProblem(c, error));
  app.notFound(notFound);
  return app;
}
