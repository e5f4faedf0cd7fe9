import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { graphBuilder } from "@sluice/inference/onnx/graph.ts";
import type { ManifestInput } from "@sluice/inference/package.ts";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostileRequests } from "../../../test/support/hostile-requests.ts";

const SIDE = 32;
const manifest: ManifestInput = {
  format: 1,
  model: "tiny",
  version: "7",
  task: "image-classification",
  classes: ["dark", "light"],
  input: { kind: "image", width: SIDE, height: SIDE },
  output: { head: "softmax" },
};

/** Answers how light a picture is: small, and right or wrong in a way a test can tell. */
function lightness(): Uint8Array {
  const graph = graphBuilder("lightness");
  const pixels = graph.input("pixels", ["N", 3, SIDE, SIDE]);
  const mean = graph.node("Flatten", [graph.node("GlobalAveragePool", [pixels])], { axis: 1 });
  const weights = graph.weights("w", Float32Array.of(-8, 8, -8, 8, -8, 8), [3, 2]);
  const scores = graph.node("Gemm", [mean, weights, graph.weights("b", Float32Array.of(12, -12), [2])]);
  return graph.finish(graph.node("Softmax", [scores], { axis: 1 }), "p", ["N", 2]);
}

interface Running {
  child: ChildProcess;
  url: string;
  logs: string[];
  ready: Promise<void>;
  exit: Promise<number | null>;
}

const running: ChildProcess[] = [];
let dir: string;
let picture: Buffer;

async function start(env: Record<string, string> = {}): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, [path.join(import.meta.dirname, "main.ts")], {
    env: { PATH: process.env["PATH"]!, SM_OPT_ML: dir, SAGEMAKER_BIND_TO_PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push(child);
  const logs: string[] = [];
  const exit = once(child, "exit").then(([code]) => code as number | null);
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      logs.push(line);
      const { message } = JSON.parse(line) as { message: string };
      if (message === "ready" || (env["SAGEMAKER_MULTI_MODEL"] && message === "listening")) resolve();
    });
    void exit.then(() => reject(new Error(`ended: ${logs.join("\n")}`)));
  });
  ready.catch(() => {});
  return { child, url: `http://127.0.0.1:${port}`, logs, ready, exit };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

const post = (url: string, body: Uint8Array | string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    body: body as BodyInit,
    headers: { "content-type": "image/png", ...headers },
  });

beforeAll(async () => {
  dir = await mkdtemp(path.join(tmpdir(), "sluice-serve-"));
  await mkdir(path.join(dir, "model"));
  await writeFile(path.join(dir, "model/model.onnx"), lightness());
  await writeFile(path.join(dir, "model/sluice.json"), JSON.stringify(manifest));
  picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: "#f0f0f0" } })
    .png()
    .toBuffer();
});
afterAll(async () => {
  for (const child of running) child.kill("SIGKILL");
  await rm(dir, { recursive: true, force: true });
});

describe("one model", () => {
  let server: Running;
  beforeAll(async () => {
    server = await start({ SLUICE_MAX_BODY_BYTES: "200000" });
    await server.ready;
  });

  test("answers a picture, and says healthy once it has a model", async () => {
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

  test("tells a batch transform what it takes, and ends lines for it", async () => {
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
  ])("refuses %s with a code and a hint", async (_, ask, status, code) => {
    const response = await ask();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({
      code,
      message: expect.any(String),
      hint: expect.any(String),
    });
  });

  test("500 malformed and hostile requests are each refused with a reason, and good ones beside them answered", async () => {
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
    expect(statuses.size, "several kinds of refusal").toBeGreaterThan(2);
    expect((await fetch(`${server.url}/ping`)).status).toBe(200);
  });

  test("a client that leaves in the middle of its body harms nobody", async () => {
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

  test("writes one JSON object a line", () => {
    for (const line of server.logs)
      expect(JSON.parse(line)).toMatchObject({ level: expect.any(String), message: expect.any(String) });
  });
});

test("SIGTERM lets requests at work finish, then ends well", async () => {
  const server = await start();
  await server.ready;
  const answers = Array.from({ length: 8 }, () => post(`${server.url}/invocations`, picture));
  await Promise.race(answers);
  server.child.kill("SIGTERM");
  for (const answer of await Promise.allSettled(answers))
    // A connection still on its way when the door closed may be refused, but none is cut in the middle.
    if (answer.status === "fulfilled")
      expect((await answer.value.json()) as object).toHaveProperty("predictions");
  expect(await server.exit).toBe(0);
});

test("a model that cannot be loaded ends the process with the reason in the log", async () => {
  const server = await start({ SM_MODEL_DIR: path.join(dir, "nothing") });
  expect(await server.exit).toBe(1);
  expect(server.logs.at(-1)).toContain("PACKAGE_INVALID");
});

test("several models come and go on one endpoint", async () => {
  const server = await start({ SAGEMAKER_MULTI_MODEL: "true", SLUICE_MAX_LOADED_MODELS: "2" });
  await server.ready;
  const ask = async (method: string, route: string, body?: unknown) => {
    const response = await fetch(server.url + route, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.text() };
  };
  const url = path.join(dir, "model");
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
