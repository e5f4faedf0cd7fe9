import { handle } from "hono/aws-lambda";
import { createApp } from "./app.ts";

const TEXT = /^(text\/|application\/([\w.+-]+\+)?json)/;

export const handler = handle(createApp(), { isContentTypeBinary: (type) => !TEXT.test(type) });
