import { once } from "node:events";
import { connect } from "node:net";
import path from "node:path";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { hostileRequests } from "../../../test/support/hostile-requests.ts";
import { type Running, post, servers } from "../../../test/support/serving.ts";

const { place, start } = servers();
let picture: Buffer;
beforeAll(async () => {
  picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: "#f0f0f0" } })
    .png()
    .toBuffer();
});

describe("one model", () => {
  let server: Running;
  beforeAll(async () => {
    server = await start({ SLUICE_MAX_BODY_BYTES: "200000" });
    await server.ready;
  });

  test("is healthy once the model is loaded, and predicts an image", async () => {
    expect((await fetch(`${server.url}/ping`)).status).toBe(200);
    const response = await post(`${server.url}/invocations`, picture);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      model: "tiny",
      version: "7",
      task: "image-classification",
      predictions: [{ class: "light" }, { class: "dark" }],
      image: { width: 64, height: 48 },
    });
  });

  test("returns execution parameters for batch transform, and JSON lines", async () => {
    expect(await (await fetch(`${server.url}/execution-parameters`)).json()).toMatchObject({
      BatchStrategy: "SINGLE_RECORD",
    });
    const response = await post(`${server.url}/invocations`, picture, { accept: "application/jsonlines" });
    expect(await response.text()).toMatch(/\}\n$/);
  });

  test.each<[string, () => Promise<Response>, number, string]>([
    ["an empty body", () => post(`${server.url}/invocations`, ""), 400, "BODY_EMPTY"],
    [
      "a text",
      () => post(`${server.url}/invocations`, "hi", { "content-type": "text/plain" }),
      415,
      "UNSUPPORTED_TYPE",
    ],
    [
      "a wish for XML",
      () => post(`${server.url}/invocations`, picture, { accept: "text/xml" }),
      406,
      "NOT_ACCEPTABLE",
    ],
    [
      "too large a body",
      () => post(`${server.url}/invocations`, Buffer.alloc(300_000)),
      413,
      "BODY_TOO_LARGE",
    ],
    ["another route", () => fetch(`${server.url}/else`), 404, "NOT_FOUND"],
    ["a model route on a one-model endpoint", () => fetch(`${server.url}/models`), 404, "NOT_FOUND"],
  ])("rejects %s with a code and a hint", async (_, ask, status, code) => {
    const response = await ask();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      code,
      message: expect.any(String),
      hint: expect.any(String),
    });
  });

  test("500 malformed and hostile requests are rejected with a reason, while good ones succeed", async () => {
    const requests = await hostileRequests(picture, { seed: 20_261, count: 500 });
    const statuses = new Map<number, number>();
    for (let from = 0; from < requests.length; from += 20) {
      const group = requests.slice(from, from + 20).map(async ({ what, body, headers }) => {
        const response = await post(`${server.url}/invocations`, body, headers);
        const answer = (await response.json()) as { code?: string };
        statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
        expect({
          what,
          client: response.status >= 400 && response.status < 500,
          code: typeof answer.code,
        }).toEqual({
          what,
          client: true,
          code: "string",
        });
      });
      const good = post(`${server.url}/invocations`, picture).then((response) =>
        expect(response.status).toBe(200),
      );
      await Promise.all([...group, good]);
    }
    expect(statuses.size, "several kinds of rejection").toBeGreaterThan(2);
    expect((await fetch(`${server.url}/ping`)).status).toBe(200);
  });

  test("an image that decodes slowly does not delay a small one", async () => {
    // 60 million pixels, just within the limit, in 60 KB.
    const slow = await sharp({ create: { width: 7800, height: 7800, channels: 3, background: "#123" } })
      .greyscale()
      .png({ compressionLevel: 9 })
      .toBuffer();
    const ends: string[] = [];
    const told = async (what: string, asked: Promise<Response>) => {
      const { status } = await asked;
      ends.push(what);
      return status;
    };
    const slows = [1, 2].map(() => told("slow", post(`${server.url}/invocations`, slow)));
    expect(await told("small", post(`${server.url}/invocations`, picture))).toBe(200);
    expect(await Promise.all(slows)).toEqual([200, 200]);
    expect(ends[0]).toBe("small");
  });

  test("a client that disconnects within its body affects no other request", async () => {
    const port = Number(new URL(server.url).port);
    for (let count = 0; count < 20; count++) {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.write(
        "POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-type: image/png\r\ncontent-length: 1000\r\n\r\nhalf",
      );
      socket.destroy();
    }
    expect((await post(`${server.url}/invocations`, picture)).status).toBe(200);
  });

  test("writes one JSON object for each log line", () => {
    for (const line of server.logs)
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), message: expect.any(String) });
  });
});

test("SIGTERM finishes running requests, then exits with 0", async () => {
  const server = await start();
  await server.ready;
  const answers = Array.from({ length: 8 }, () => post(`${server.url}/invocations`, picture));
  await Promise.race(answers);
  server.child.kill("SIGTERM");
  for (const answer of await Promise.allSettled(answers))
    // A connection that arrives during the stop may be rejected, but no response is truncated.
    if (answer.status === "fulfilled")
      expect((await answer.value.json()) as object).toHaveProperty("predictions");
  expect(await server.exit).toBe(0);
});

test("a model that cannot be loaded ends the process with the reason in the log", async () => {
  const server = await start({ SM_MODEL_DIR: path.join(place.dir, "nothing") });
  expect(await server.exit).toBe(1);
  expect(server.logs.at(-1)).toContain("PACKAGE_INVALID");
});

test("one endpoint loads and unloads several models", async () => {
  const server = await start({ SAGEMAKER_MULTI_MODEL: "true", SLUICE_MAX_LOADED_MODELS: "2" });
  await server.ready;
  const ask = async (method: string, route: string, body?: unknown) => {
    const response = await fetch(server.url + route, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.text() };
  };
  const url = path.join(place.dir, "model");
  expect((await ask("GET", "/ping")).status).toBe(200);
  expect((await ask("POST", "/models", { model_name: "a/b", url })).status).toBe(200);
  expect((await ask("POST", "/models", { model_name: "a/b", url })).status).toBe(409);
  expect((await ask("POST", "/models", { model_name: "two", url })).status).toBe(200);
  expect((await ask("POST", "/models", { model_name: "three", url })).status).toBe(507);
  expect((await ask("POST", "/models", { wrong: 1 })).status).toBe(400);
  expect(JSON.parse((await ask("GET", "/models")).body)).toMatchObject({
    models: [{ modelName: "a/b" }, { modelName: "two" }],
  });
  const answer = await post(`${server.url}/models/${encodeURIComponent("a/b")}/invoke`, picture);
  expect(await answer.json()).toMatchObject({ predictions: [{ class: "light" }, { class: "dark" }] });
  expect((await ask("DELETE", "/models/two")).status).toBe(200);
  expect((await ask("GET", "/models/two")).status).toBe(404);
});
