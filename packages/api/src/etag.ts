// One thing has one ETag: the hash of what would be sent. A client that has it already gets 304 and no body.
import { createHash } from "node:crypto";
import type { Context } from "hono";

export function tagged(c: Context, body: unknown) {
  const text = JSON.stringify(body);
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  c.header("etag", etag);
  c.header("cache-control", "private, no-cache");
  const known = c.req
    .header("if-none-match")
    ?.split(",")
    .map((tag) => tag.trim().replace(/^W\//, ""));
  return known?.some((tag) => tag === etag || tag === "*") ?? false;
}
