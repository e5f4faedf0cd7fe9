// The live route alone, on a function URL that streams: an HTTP API answers whole or not at all.
import { streamHandle } from "hono/aws-lambda";
import { createApp } from "./app.ts";

export const handler = streamHandle(createApp());
