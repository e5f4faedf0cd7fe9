import { describe, expect, test } from "vitest";
import { isCrossOrigin, isAllowedHost } from "./origin.ts";

describe("isAllowedHost", () => {
  const none = new Set<string>();

  test.each([
    "127.0.0.1:4710",
    "127.0.0.1",
    "127.8.8.8:1",
    "localhost:4710",
    "LOCALHOST",
    "localhost.:4710",
    "box.localhost:4710",
    "box.s3.us-east-1.localhost",
    "[::1]:4710",
  ])("accepts the loopback name %s", (host) => expect(isAllowedHost({ host }, none)).toBe(true));

  test.each([
    "evil.example",
    "evil.example:4710",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evillocalhost",
    "10.0.0.1",
    "0.0.0.0:4710",
    "[::2]:4710",
    "127.0.0.1:4710@evil.example",
    "",
  ])("rejects %j", (host) => expect(isAllowedHost({ host }, none)).toBe(false));

  test("rejects a request without a host, and allows a configured name", () => {
    expect(isAllowedHost({}, none)).toBe(false);
    expect(isAllowedHost({ host: "Cloud.Test:443" }, new Set(["cloud.test"]))).toBe(true);
  });
});

describe("isCrossOrigin", () => {
  const request = (headers: Record<string, string>, method = "GET") => ({
    method,
    headers: { host: "127.0.0.1:4710", ...headers },
  });

  test.each([
    ["a client that is not a browser", {}],
    ["the page itself", { origin: "http://127.0.0.1:4710" }],
    ["the page by its other name", { origin: "http://localhost:4710" }],
    ["the page by IPv6", { origin: "http://[::1]:4710" }],
    ["a file of the page", { "sec-fetch-site": "same-origin", "sec-fetch-mode": "no-cors" }],
    ["a typed address", { "sec-fetch-site": "none", "sec-fetch-mode": "navigate" }],
    [
      "a followed link",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    ],
  ])("accepts %s", (_, headers) => expect(isCrossOrigin(request(headers))).toBe(false));

  test.each([
    ["another site", { origin: "https://evil.example" }],
    ["another port of this machine", { origin: "http://127.0.0.1:3000" }],
    ["a bucket's own host", { origin: "http://uploads.localhost:4710" }],
    ["a sandboxed frame", { origin: "null" }],
    ["no URL", { origin: "evil" }],
    ["an image on another page", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" }],
    ["a script on another port's page", { "sec-fetch-site": "same-site", "sec-fetch-mode": "no-cors" }],
    [
      "a frame on another page",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" },
    ],
  ])("rejects %s", (_, headers) => expect(isCrossOrigin(request(headers))).toBe(true));

  test("a form of another page is cross-origin, although it navigates", () => {
    const sent = {
      "sec-fetch-site": "cross-site",
      "sec-fetch-mode": "navigate",
      "sec-fetch-dest": "document",
    };
    expect(isCrossOrigin(request(sent, "POST"))).toBe(true);
  });

  test("a page at a configured name is same-origin", () => {
    expect(
      isCrossOrigin({ method: "GET", headers: { host: "cloud.test", origin: "https://cloud.test" } }),
    ).toBe(false);
    expect(
      isCrossOrigin({ method: "GET", headers: { host: "cloud.test", origin: "http://127.0.0.1" } }),
    ).toBe(true);
  });
});
