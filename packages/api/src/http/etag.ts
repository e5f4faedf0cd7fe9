import { createMiddleware } from "hono/factory";
import { etag, RETAINED_304_HEADERS } from "hono/etag";

const addEtag = etag({
  retainedHeaders: [
    ...RETAINED_304_HEADERS,
    "access-control-allow-origin",
    "access-control-expose-headers",
    "x-request-id",
  ],
});

/** Adds an ETag to a response, or replaces the response with 304 if If-None-Match has it. */
export const revalidate = createMiddleware(function revalidate(c, next) {
  c.header("cache-control", "private, no-cache");
  return addEtag(c, next);
});
