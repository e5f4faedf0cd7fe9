import { afterEach, expect, test } from "vitest";
import { cloudwatch } from "../cloudwatch/plugin.ts";
import { serveRoutes } from "../lambda/http.testing.ts";
import { testProject, type Project } from "../lambda/testing.ts";
import { apigateway } from "./plugin.ts";
import { matchRoute } from "./route.ts";

let project: Project | undefined;
let http: Awaited<ReturnType<typeof serveRoutes>> | undefined;
afterEach(async () => {
  await http?.close();
  await project?.dispose();
  http = project = undefined;
});

async function open(source: string, inputs: Record<string, unknown> = {}) {
  project = await testProject({
    plugins: [cloudwatch, apigateway],
    functions: { Handler: { source, inputs } },
    resources: [
      {
        name: "Web",
        type: "aws:apigatewayv2/api:Api",
        inputs: {
          protocolType: "HTTP",
          corsConfiguration: { allowOrigins: ["*"], allowMethods: ["*"], allowHeaders: ["*"] },
        },
      },
      {
        name: "WebStage",
        type: "aws:apigatewayv2/stage:Stage",
        inputs: {
          apiId: "${Web.id}",
          name: "$default",
          defaultRouteSettings: { throttlingRateLimit: 1, throttlingBurstLimit: 20 },
        },
      },
      {
        name: "WebIntegration",
        type: "aws:apigatewayv2/integration:Integration",
        inputs: {
          apiId: "${Web.id}",
          integrationType: "AWS_PROXY",
          integrationUri: "${Handler.invokeArn}",
          payloadFormatVersion: "2.0",
        },
      },
      {
        name: "WebRoute",
        type: "aws:apigatewayv2/route:Route",
        inputs: {
          apiId: "${Web.id}",
          routeKey: "GET /models/{id}",
          target: "integrations/${WebIntegration.id}",
        },
      },
      {
        name: "WebFiles",
        type: "aws:apigatewayv2/route:Route",
        inputs: {
          apiId: "${Web.id}",
          routeKey: "ANY /files/{path+}",
          target: "integrations/${WebIntegration.id}",
        },
      },
    ],
  });
  http = await serveRoutes(project.kernel);
  return (path: string, init?: RequestInit) => fetch(`${http!.base}/_api/Web${path}`, init);
}

test("a request reaches the function of its route with the path parameters", async () => {
  const ask = await open("export const handler = async (e) => e;");
  const event = await (await ask("/models/cats%20x?q=1")).json();
  expect(event).toMatchObject({
    routeKey: "GET /models/{id}",
    rawPath: "/models/cats%20x",
    pathParameters: { id: "cats x" },
    requestContext: { accountId: "000000000000", apiId: "Web", http: { method: "GET" } },
  });
  expect(event).not.toHaveProperty("body");
  const missing = await ask("/elsewhere");
  expect(missing.status).toBe(404);
  expect(await missing.json()).toEqual({ message: "Not Found" });
});

test("a plain value is 200 and JSON; a failing function is 500 without details", async () => {
  const ask = await open(
    "export const handler = async (e) => { if (e.rawPath.endsWith('x')) throw new Error('secret'); return { a: 1 }; };",
  );
  const fine = await ask("/models/1");
  expect([fine.status, fine.headers.get("content-type"), await fine.json()]).toEqual([
    200,
    "application/json",
    { a: 1 },
  ]);
  const failed = await ask("/models/x");
  expect([failed.status, await failed.json()]).toEqual([500, { message: "Internal Server Error" }]);
});

test("preflights use the configuration, without the function", async () => {
  const ask = await open("export const handler = async () => 1;");
  const response = await ask("/models/1", {
    method: "OPTIONS",
    headers: { origin: "http://page", "access-control-request-method": "GET" },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(response.headers.get("access-control-allow-methods")).toBe("*");
});

test("a body above 10 MB, or above the function's limit, is rejected with 413", async () => {
  const ask = await open("export const handler = async (e) => ({ size: e.body.length });");
  const post = (bytes: number) =>
    ask("/files/a", { method: "POST", headers: { "content-type": "text/plain" }, body: "x".repeat(bytes) });
  expect(await (await post(1000)).json()).toEqual({ size: 1000 });
  expect((await post(7 * 1024 * 1024)).status).toBe(413);
  expect((await post(11 * 1024 * 1024)).status).toBe(413);
});

test("a function that runs longer than 30 seconds is a 503", async () => {
  const ask = await open(
    "export const handler = () => { console.log('in'); return new Promise(() => setInterval(() => {}, 1000)); };",
    { timeout: 60 },
  );
  const pending = ask("/models/1");
  await expect
    .poll(
      async () => {
        await project!.kernel.clock.advance(250);
        return (await project!.logOf("Handler").catch(() => [])).join();
      },
      { timeout: 15_000 },
    )
    .toContain("in");
  await project!.kernel.clock.advance(30_000);
  expect((await pending).status).toBe(503);
});

test("the most specific route wins", () => {
  const routes = ["$default", "ANY /a/{path+}", "GET /a/{id}", "ANY /a/b", "GET /a/b"].map((key) => ({
    key,
    target: key,
  }));
  const taken = (method: string, path: string) => matchRoute(routes, method, path)?.route.key;
  expect(taken("GET", "/a/b")).toBe("GET /a/b");
  expect(taken("POST", "/a/b")).toBe("ANY /a/b");
  expect(taken("GET", "/a/c")).toBe("GET /a/{id}");
  expect(taken("PUT", "/a/c")).toBe("ANY /a/{path+}");
  expect(taken("GET", "/a/c/d")).toBe("ANY /a/{path+}");
  expect(taken("GET", "/")).toBe("$default");
});

test("rejects more requests than the stage's limit, until it refills, and counts them", async () => {
  const get = await open(`export const handler = async () => ({ statusCode: 500, body: "" });`);
  const statuses = async (count: number) => {
    const found: number[] = [];
    for (let sent = 0; sent < count; sent++) found.push((await get("/models/a")).status);
    return found;
  };
  expect(await statuses(22)).toEqual([...Array<number>(20).fill(500), 429, 429]);
  await project!.kernel.clock.advance(3_000);
  expect(await statuses(4)).toEqual([500, 500, 500, 429]);
  await project!.kernel.clock.advance(60_000);
  const sum = async (MetricName: string) => {
    const Metric = {
      Namespace: "AWS/ApiGateway",
      MetricName,
      Dimensions: [{ Name: "ApiId", Value: "Web" }],
    };
    const { MetricDataResults } = await project!.kernel.call("cloudwatch", "GetMetricData", {
      StartTime: new Date(project!.kernel.clock.now() - 600_000),
      EndTime: new Date(project!.kernel.clock.now()),
      MetricDataQueries: [{ Id: "m", MetricStat: { Metric, Period: 60, Stat: "Sum" } }],
    });
    return MetricDataResults[0].Values.reduce((total: number, value: number) => total + value, 0);
  };
  expect([await sum("Count"), await sum("5xx"), await sum("4xx")]).toEqual([26, 23, 3]);
});
