import { Hono } from "hono";
import { cors } from "hono/cors";
import { expect, test } from "vitest";
import { revalidate } from "./etag.ts";

let content = "first";
const app = new Hono()
  .use(cors({ origin: "*" }))
  .get("/thing", revalidate, (c) => c.json({ content }))
  .get("/missing", revalidate, (c) => c.json({}, 404));

const get = (tag?: string) => app.request("/thing", { headers: tag ? { "if-none-match": tag } : {} });

test("a client that has the current ETag receives 304 without a body", async () => {
  const first = await get();
  const tag = first.headers.get("etag")!;
  expect(first.status).toBe(200);
  expect(first.headers.get("cache-control")).toBe("private, no-cache");
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
    const response = await get(known);
    expect([response.status, await response.text()]).toEqual([304, ""]);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("etag")).toBe(tag);
  }
});

test("a changed body has another ETag", async () => {
  const tag = (await get()).headers.get("etag")!;
  content = "second";
  const response = await get(tag);
  expect([response.status, await response.json()]).toEqual([200, { content: "second" }]);
  expect(response.headers.get("etag")).not.toBe(tag);
});

test("an error has no ETag", async () => {
  expect((await app.request("/missing")).headers.get("etag")).toBeNull();
});
