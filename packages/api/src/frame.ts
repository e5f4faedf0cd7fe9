// What surrounds every route, of the whole API and of the live route alone: the request's id, any origin, problems.
import { randomUUID } from "node:crypto";
import type { Hono } from "hono";
import { cors } from "hono/cors";
import type { Env } from "./env.ts";
import { notFound, problem } from "./problem.ts";

export function frame<App extends Hono<Env>>(app: App): App {
  app.use(async function request(c, next) {
    c.set("requestId", c.req.header("x-request-id")?.slice(0, 64) ?? randomUUID());
    c.header("x-request-id", c.var.requestId);
    await next();
  });
  // A token is the only credential, and no browser sends it by itself: any origin may ask.
  app.use(cors({ origin: "*", exposeHeaders: ["etag", "x-request-id"], maxAge: 600 }));
  app.onError((error, c) => problem(c, error));
  app.notFound(notFound);
  return app;
}
