// Every route of the OpenAPI document requires a token with its scope, and names an invalid or missing field.
import { createApp } from "@sluice/api/app.ts";
import { createToken } from "@sluice/core/token/manage.ts";
import { events, eventTypes } from "@sluice/core/events.ts";
import type { Scope } from "@sluice/core/token/token.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stage } from "./stage.ts";

const app = createApp();
let cloud: Awaited<ReturnType<typeof stage>>;
const tokens: Partial<Record<Scope, string>> = {};
beforeAll(async () => {
  cloud = await stage();
  for (const scope of ["read", "upload"] as const)
    tokens[scope] = (await createToken({ name: `only ${scope}`, scopes: [scope] })).token;
  tokens.admin = (await createToken({ name: "all", scopes: ["admin"] })).token;
});
afterAll(() => cloud.dispose());

interface Operation {
  security?: { bearer: Scope[] }[];
  summary?: string;
  responses: Record<string, unknown>;
}
interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
}
interface Webhook {
  requestBody: { content: { "application/json": { schema: Schema } } };
}
const document = (await (await app.request("/openapi.json")).json()) as {
  paths: Record<string, Record<string, Operation>>;
  webhooks: Record<string, Record<string, Webhook>>;
};
const beyondLists: Record<string, string[]> = {
  "/models/{model}/retrain": ["next", "missing"],
};
const routes = Object.entries(document.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      scope: operation.security?.[0]?.bearer[0],
      responses: Object.keys(operation.responses),
    })),
  )
  .filter(({ path }) => path !== "/health");

/** A version is told by hex digits alone, a deployment by an id of its own form, a label by its object's key. */
const concrete = (path: string) =>
  path
    .replace("{version}", "0123456789ab")
    .replace("/deployments/{id}", "/deployments/dep_0123456789abcdefg")
    .replaceAll(/\{\w+\}/g, "nobody")
    .replace(/\/label$/, "/label?key=nobody.jpg");

/** What zod writes without messages of our own. */
const RAW = /Invalid input|Invalid option|Unrecognized key|received undefined|Too (small|big)/;

async function ask(method: string, path: string, token?: string, body?: object) {
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (token) headers["authorization"] = `Bearer ${token}`;
  const answer = await app.request(path, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, any> };
}

describe.each(routes)("$method $path", ({ method, path, scope, responses }) => {
  test("documents the errors that it can return", () => {
    expect(responses).toEqual(expect.arrayContaining(["400", "401", "403", "404", "409", "500", "503"]));
  });

  test("requires a token", async () => {
    expect(await ask(method, concrete(path))).toMatchObject({ status: 401, body: { code: "TOKEN_MISSING" } });
    expect(await ask(method, concrete(path), "slc_forged")).toMatchObject({
      status: 401,
      body: { code: "TOKEN_INVALID" },
    });
  });

  test("requires its own scope", async () => {
    const other = scope === "read" ? tokens.upload : tokens.read;
    const { status, body } = await ask(method, concrete(path), other);
    expect({ status, code: body["code"] }).toEqual({ status: 403, code: "SCOPE_MISSING" });
    expect(body["detail"]).toContain(`"${scope}"`);
  });
});

const named = routes.filter(({ path }) => path.includes("{"));

test.each(named.filter(({ method }) => method === "GET"))(
  "$method $path says that there is nobody of that name",
  async ({ method, path }) => {
    const { status, body } = await ask(method, concrete(path), tokens.admin);
    expect(status).toBe(404);
    expect(body["code"]).toMatch(/_UNKNOWN$/);
  },
);

test.each(named.filter(({ method }) => method !== "GET"))(
  "$method $path says what is wrong with a name, or with a request that holds nothing",
  async ({ method, path, responses }) => {
    const { status, body } = await ask(method, concrete(path), tokens.admin, {});
    expect(responses).toContain(String(status));
    expect(body["detail"]).not.toMatch(RAW);
    expect([status, body["code"]]).toEqual(
      status === 404 ? [404, expect.stringMatching(/_UNKNOWN$/)] : [400, "INPUT_INVALID"],
    );
  },
);

describe("An invalid request is rejected with the name of its field:", () => {
  test.each([
    [
      "a time that ends before it begins",
      "from=2026-11-21T09:00:00Z&to=2026-11-21T08:00:00Z",
      "INPUT_INVALID",
    ],
    ["a damaged cursor", "cursor=abc", "CURSOR_INVALID"],
    ["no page at all", "limit=0", "INPUT_INVALID"],
    ["a page without bounds", "limit=1000000", "INPUT_INVALID"],
    ["a confidence in words", "minConfidence=high", "INPUT_INVALID"],
  ])("%s", async (_, query, code) => {
    const { status, body } = await ask("GET", `/predictions?model=vehicles&${query}`, tokens.admin);
    expect(body["detail"]).not.toMatch(RAW);
    expect({ status, code: body["code"] }).toEqual({ status: 400, code });
  });

  test("a body of another type", async () => {
    const headers = { authorization: `Bearer ${tokens.admin}`, "content-type": "text/plain" };
    const answer = await app.request("/uploads", { method: "POST", headers, body: "{}" });
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ code: "CONTENT_TYPE_WRONG" });
  });
});

test("a conflict is documented with its code", async () => {
  const { status, body } = await ask("POST", "/monitoring/vehicles/runs", tokens.admin, {});
  expect({ status, code: body["code"] }).toEqual({ status: 409, code: "LIVE_VERSION_MISSING" });
  const documented = document.paths["/monitoring/{model}/runs"]!["post"]!.responses["409"];
  expect(JSON.stringify(documented)).toContain("LIVE_VERSION_MISSING");
});

describe("The document", () => {
  const content = (operation: Operation, status: string) =>
    (operation.responses[status] as { content?: Record<string, { schema: Schema }> } | undefined)?.content?.[
      "application/json"
    ]?.schema;
  const lists = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => content(operation, "200")?.properties?.["items"]?.type === "array")
      .map(([method, operation]) => ({ method, path, operation })),
  );

  test("has the lists that the page and the CLI read", () => {
    const paths = lists.map(({ path }) => path);
    for (const noun of [
      "predictions",
      "reviews",
      "datasets",
      "training",
      "versions",
      "deployments",
      "events",
      "alerts",
    ])
      expect(paths).toContain(`/${noun}`);
  });

  test.each(lists)(
    "$method $path is a list with items and a cursor, and nothing else",
    ({ path, operation }) => {
      // What would be decided now is about the decisions that are listed; a log has the state of its run.
      const beside = beyondLists[path] ?? [];
      const names = Object.keys(content(operation, "200")!.properties!);
      expect(names.filter((name) => !["items", "cursor", ...beside].includes(name))).toEqual([]);
    },
  );

  test("every route that lists has this shape", () => {
    const others = Object.entries(document.paths)
      .filter(([, { get }]) => get?.summary?.startsWith("List "))
      .map(([path]) => path)
      .filter((path) => !lists.some((list) => list.path === path && list.method === "get"));
    expect(others).toEqual([]);
  });

  test.each(eventTypes)("has the schema of the event %s", (type) => {
    const body = document.webhooks[type]?.["post"]?.requestBody.content["application/json"].schema;
    expect(body?.properties?.["detail-type"]).toMatchObject({ enum: [type] });
    const [first] = Object.keys(events[type].detail.shape);
    const detail = JSON.stringify(body?.properties?.["detail"]);
    expect(detail).toMatch(new RegExp(`"\\$ref"|"${first}"`));
  });
});
