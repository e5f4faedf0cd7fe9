import { afterEach, expect, test } from "vitest";
import { serveRoutes } from "./http.testing.ts";
import { testProject, type Project } from "./testing.ts";
import { expectErrorLog } from "../../../../../test/support/error-log.ts";

let project: Project;
let http: Awaited<ReturnType<typeof serveRoutes>>;
afterEach(async () => {
  await http.close();
  await project.dispose();
});

async function open(source: string, invokeMode = "BUFFERED") {
  project = await testProject({
    functions: { Site: { source, inputs: { timeout: 60 } } },
    resources: [
      {
        name: "SiteUrl",
        type: "aws:lambda/functionUrl:FunctionUrl",
        inputs: {
          functionName: "${Site.name}",
          authorizationType: "NONE",
          invokeMode,
          cors: { allowOrigins: ["*"] },
        },
      },
    ],
  });
  http = await serveRoutes(project.kernel);
}

test("a function URL passes the request in format 2.0 and returns the function's response", async () => {
  await open(
    "export const handler = async (e) => ({ statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['c=d'], body: JSON.stringify(e) });",
  );
  const response = await fetch(`${http.base}/_url/Site/a%20b/c?x=1&x=2`, {
    method: "POST",
    headers: { cookie: "one=1; two=2", "content-type": "text/plain", origin: "http://page" },
    body: "hello",
  });
  expect(response.status).toBe(201);
  expect(response.headers.get("x-a")).toBe("b");
  expect(response.headers.get("set-cookie")).toBe("c=d");
  expect(response.headers.get("access-control-allow-origin")).toBe("*");
  expect(await response.json()).toMatchObject({
    version: "2.0",
    rawPath: "/a%20b/c",
    rawQueryString: "x=1&x=2",
    queryStringParameters: { x: "1,2" },
    cookies: ["one=1", "two=2"],
    body: "hello",
    isBase64Encoded: false,
    requestContext: { http: { method: "POST", path: "/a%20b/c" }, stage: "$default" },
  });
});

test.each([
  ["%zz", 400, /"%zz" is not percent-encoded UTF-8/],
  ["%C0%80", 400, /not percent-encoded UTF-8/],
  ["Nobody", 404, /No function URL "Nobody" here/],
])("a function URL under the name %s is rejected with %i", async (name, status, message) => {
  await open("export const handler = async (e) => e.rawPath;");
  const response = await fetch(`${http.base}/_url/${name}/x`);
  expect([response.status, await response.json()]).toEqual([
    status,
    { message: expect.stringMatching(message) },
  ]);
});

test("a function URL passes the path after its name, however the name is encoded", async () => {
  await open("export const handler = async (e) => e.rawPath;");
  expect(await (await fetch(`${http.base}/_url/%53ite/a%zz`)).text()).toBe("/a%zz");
});

test("a function that cannot start because the disk is not writable is a 503 with the reason", async () => {
  expectErrorLog(/is not writable/);
  await open("export const handler = async (e) => e.rawPath;");
  const { store } = project.kernel;
  store.get("pragma query_only = on");
  const refused = await fetch(`${http.base}/_url/Site/x`);
  expect([refused.status, await refused.json()]).toEqual([
    503,
    { message: expect.stringMatching(/is not writable/) },
  ]);
  store.get("pragma query_only = off");
  expect(await (await fetch(`${http.base}/_url/Site/x`)).text()).toBe("/x");
});

test("binary bodies are base64 in both directions", async () => {
  await open(
    "export const handler = async (e) => ({ statusCode: 200, headers: { 'content-type': 'image/png' }, body: e.body, isBase64Encoded: e.isBase64Encoded });",
  );
  const bytes = Buffer.from([0, 255, 1, 254]);
  const response = await fetch(`${http.base}/_url/Site/`, {
    method: "POST",
    headers: { "content-type": "image/png" },
    body: bytes,
  });
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
});

test("a streamed response reaches the client while it is written", async () => {
  await open(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      const out = awslambda.HttpResponseStream.from(stream, { statusCode: 202, headers: { "content-type": "text/event-stream" } });
      out.write("data: first\\n\\n");
      await new Promise((resolve) => { out.on("drain", () => {}); setTimeout(resolve, 300); });
      out.write("data: second\\n\\n");
      out.end();
    });`,
    "RESPONSE_STREAM",
  );
  const response = await fetch(`${http.base}/_url/Site/`);
  expect(response.status).toBe(202);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const chunks: string[] = [];
  for await (const chunk of response.body!) chunks.push(Buffer.from(chunk).toString());
  expect(chunks[0]).toBe("data: first\n\n");
  expect(chunks.join("")).toBe("data: first\n\ndata: second\n\n");
});

test("a client that disconnects ends the handler's stream, and the function continues", async () => {
  await open(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      const out = awslambda.HttpResponseStream.from(stream, { statusCode: 200 });
      if (event.rawPath === "/quick") return void out.end("quick");
      out.write("tick");
      await new Promise((resolve) => out.on("close", resolve));
      console.log("noticed");
    });`,
    "RESPONSE_STREAM",
  );
  const abort = new AbortController();
  const response = await fetch(`${http.base}/_url/Site/slow`, { signal: abort.signal });
  expect(response.status).toBe(200);
  abort.abort();
  const log = async () => {
    await project.kernel.clock.advance(250);
    return (await project.logOf("Site").catch(() => [])).join("\n");
  };
  await expect.poll(log, { timeout: 15_000 }).toContain("noticed");
  expect(await (await fetch(`${http.base}/_url/Site/quick`)).text()).toBe("quick");
});

test("an error during a stream breaks the connection", async () => {
  await open(
    `export const handler = awslambda.streamifyResponse(async (event, stream) => {
      stream.setContentType("text/plain");
      stream.write("some");
      await new Promise((resolve) => setTimeout(resolve, 100));
      throw new Error("halfway");
    });`,
    "RESPONSE_STREAM",
  );
  const response = await fetch(`${http.base}/_url/Site/`);
  await expect(response.text()).rejects.toThrow(/terminated/);
});

test("a failing function is a 502, and an unknown URL lists the existing ones", async () => {
  await open("export const handler = async () => { throw new Error('no'); };");
  expect((await fetch(`${http.base}/_url/Site/`)).status).toBe(502);
  const missing = await fetch(`${http.base}/_url/Nope/`);
  expect(missing.status).toBe(404);
  expect(await missing.text()).toContain("Site");
});
