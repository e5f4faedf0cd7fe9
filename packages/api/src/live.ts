// The live route on a function URL, because an HTTP API cannot stream. Without the other routes and their schemas, the
// bundle is a third smaller.
import { streamHandle } from "hono/aws-lambda";
import { Hono } from "hono";
import type { Env } from "./http/router.ts";
import { configureApp } from "./http/app.ts";
import { liveRoutes } from "./routes/live.ts";

export const handler = streamHandle(configureApp(new Hono<Env>()).route("/", liveRoutes));
