import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import { post } from "../../../test/support/serving.ts";
import { readBody } from "./body.ts";
import type { HttpResponse } from "./routes.ts";
import { type Serving, serve } from "./server.ts";
import { readSettings } from "./settings.ts";

const open: Serving[] = [];
afterEach(async () => {
  for (const serving of open.splice(0)) await serving.drain();
});

async function listening(env: Record<string, string>, route: Parameters<typeof serve>[1]) {
  const settings = readSettings({ SLUICE_BIND: "127.0.0.1", SLUICE_DRAIN_MS: "1", ...env });
  const serving = await serve({ ...settings, port: 0 }, route, () => {});
  open.push(serving);
  return { url: `http://127.0.0.1:${serving.port}/invocations`, port: serving.port };
}

/** A server whose requests end when the test ends them. */
async function startHeldServer(env: Record<string, string>) {
  const requests: { signal: AbortSignal; finish(): void }[] = [];
  const server = await listening(
    env,
    (_, signal) =>
      new Promise<HttpResponse>((resolve) => {
        requests.push({
          signal,
          finish: () => resolve({ status: 200, type: "application/json", body: "{}" }),
        });
      }),
  );
  return { requests, ...server };
}

test("a request past its timeout gets 504 and an abort, and counts as running until it ends", async () => {
  const { requests, url } = await startHeldServer({
    SLUICE_REQUEST_TIMEOUT_MS: "20",
    SLUICE_MAX_IN_FLIGHT: "1",
  });
  const late = await post(url, "x");
  expect(late.status).toBe(504);
  expect(await late.json()).toMatchObject({ code: "TIMED_OUT", hint: expect.any(String) });
  expect(requests[0]!.signal.reason).toMatchObject({ code: "TIMED_OUT" });

  const refused = await post(url, "x");
  expect(refused.status).toBe(503);
  expect(await refused.json()).toMatchObject({ code: "BUSY" });

  requests[0]!.finish();
  const next = await post(url, "x");
  expect(next.status, "accepted again, and times out too").toBe(504);
  requests[1]!.finish();
});

test("a body that never ends stops counting as running after the timeout", async () => {
  const bodies: Promise<Buffer>[] = [];
  const { port } = await listening({ SLUICE_REQUEST_TIMEOUT_MS: "20" }, async (request, signal) => {
    bodies.push(readBody(request, 100, signal));
    await bodies[0];
    return { status: 200 };
  });
  const socket = connect(port, "127.0.0.1");
  socket.write("POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\nhalf");
  const [head] = (await once(socket, "data")) as [Buffer];
  expect(head.toString()).toContain(" 504 ");
  await expect(bodies[0]).rejects.toMatchObject({ code: "TIMED_OUT" });
  socket.destroy();
});

test("a request whose client disconnects is aborted", async () => {
  const { requests, port } = await startHeldServer({});
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.write("POST /invocations HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx");
  await expect.poll(() => requests.length).toBe(1);
  const aborted = once(requests[0]!.signal, "abort");
  socket.destroy();
  await aborted;
  expect(requests[0]!.signal.reason).toMatchObject({ code: "CLIENT_GONE" });
  requests[0]!.finish();
});

test("SageMaker's variables are respected, and Sluice's override them", () => {
  const said = readSettings({
    SAGEMAKER_BIND_TO_PORT: "9000",
    SAGEMAKER_MAX_PAYLOAD_IN_MB: "20",
    SAGEMAKER_MODEL_SERVER_TIMEOUT: "30",
    SAGEMAKER_MODEL_SERVER_WORKERS: "3",
    SAGEMAKER_CONTAINER_LOG_LEVEL: "30",
    SAGEMAKER_MULTI_MODEL: "true",
  });
  expect(said).toMatchObject({
    host: "0.0.0.0",
    port: 9000,
    maxBodyBytes: 20 * 1024 * 1024,
    requestTimeoutMs: 30_000,
    workers: 3,
    logLevel: "warn",
    multiModel: true,
    modelDir: "/opt/ml/model",
  });
  const ours = readSettings({
    SAGEMAKER_MODEL_SERVER_TIMEOUT: "30",
    SLUICE_REQUEST_TIMEOUT_MS: "500",
    SLUICE_WORKERS: "2",
  });
  expect(ours).toMatchObject({ requestTimeoutMs: 500, workers: 2, logLevel: "info" });
  expect(() => readSettings({ SLUICE_WORKERS: "many" })).toThrow(/SLUICE_WORKERS is 'many'/);
});
