import { SluiceError } from "@sluice/core/error/error.ts";
import { Hono } from "hono";
import { HTTPException } from "hono/http-exception";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { configureApp } from "./app.ts";
import type { Env } from "./router.ts";

let thrown: unknown;
const app = configureApp(new Hono<Env>()).get("/fails", () => {
  throw thrown;
});
const fail = async (error: unknown) => {
  thrown = error;
  const response = await app.request("/fails", { headers: { "x-request-id": "req-1" } });
  return { response, body: (await response.json()) as Record<string, unknown> };
};

const written: string[] = [];
beforeEach(() => {
  written.length = 0;
  vi.spyOn(process.stdout, "write").mockImplementation((line) => written.push(String(line)) > 0);
});
afterEach(() => vi.restoreAllMocks());

test("a domain error keeps its code, message and hint, with the status of its category", async () => {
  const error = new SluiceError("MODEL_UNKNOWN", "There is no model dogs.", { hint: "Declare it." });
  const { response, body } = await fail(error);
  expect(response.status).toBe(404);
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(body).toEqual({
    type: "urn:sluice:problem:MODEL_UNKNOWN",
    title: "Model unknown",
    status: 404,
    detail: "There is no model dogs.",
    code: "MODEL_UNKNOWN",
    hint: "Declare it.",
    instance: "/fails",
    requestId: "req-1",
  });
  expect(written).toEqual([]);
});

test.each([
  ["TOKEN_MISSING", 401, "www-authenticate", "Bearer"],
  ["ENDPOINT_THROTTLED", 503, "retry-after", "2"],
] as const)("%s has status %i and the header %s", async (code, status, header, value) => {
  const { response } = await fail(new SluiceError(code, "."));
  expect([response.status, response.headers.get(header)]).toEqual([status, value]);
});

test("field errors of a schema are listed as issues", async () => {
  const issues = [{ field: "epochs", message: "too small" }];
  const { body } = await fail(new SluiceError("INPUT_INVALID", "epochs: too small", { details: { issues } }));
  expect(body["issues"]).toEqual(issues);
});

test("an unexpected error hides its message, and the log has it with the request id", async () => {
  const { response, body } = await fail(new Error("password=secret"));
  expect([response.status, body["code"]]).toEqual([500, "UNEXPECTED"]);
  expect(JSON.stringify(body)).not.toContain("secret");
  expect(JSON.parse(written.join(""))).toMatchObject({
    level: "ERROR",
    message: expect.stringContaining("password=secret"),
    requestId: "req-1",
  });
});

test("an error of the framework and an unknown route are problem documents too", async () => {
  const { body } = await fail(new HTTPException(413, { message: "The body is too large." }));
  expect(body).toMatchObject({ status: 413, code: "BODY_TOO_LARGE", detail: "The body is too large." });
  const missing = await app.request("/nowhere");
  expect(await missing.json()).toMatchObject({
    status: 404,
    code: "ROUTE_UNKNOWN",
    detail: "There is no route GET /nowhere.",
  });
});
