// The live route alone, on a function URL that streams: an HTTP API answers whole or not at all. Without the
// other routes and their schemas it is a third smaller.
import { streamHandle } from "hono/aws-lambda";
import { Hono } from "hono";
import type { Env } from "./env.ts";
import { frame } from "./frame.ts";
import { liveRoutes } from "./routes/live.ts";

export const handler = streamHandle(frame(new Hono<Env>()).route("/", liveRoutes));
