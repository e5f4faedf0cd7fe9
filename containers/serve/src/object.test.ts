import { once } from "node:events";
import { type Server, createServer } from "node:http";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Running, post, servers } from "../../../test/support/serving.ts";

const { start } = servers();
let bucket: Server;
let server: Running;

beforeAll(async () => {
  const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: "#f0f0f0" } })
    .jpeg()
    .toBuffer();
  const error = (code: string) => `<Error><Code>${code}</Code><Message>No.</Message></Error>`;
  bucket = createServer(({ url = "" }, response) => {
    const { pathname } = new URL(url, "http://bucket");
    if (pathname === "/photos/a%20light%20one.jpg") response.end(picture);
    else if (pathname === "/photos/large") response.end(Buffer.alloc(30_000));
    else if (pathname === "/secret/key") response.writeHead(403).end(error("AccessDenied"));
    else response.writeHead(404).end(error("NoSuchKey"));
  }).listen(0, "127.0.0.1");
  await once(bucket, "listening");
  server = await start({
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(bucket.address() as { port: number }).port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "key",
    AWS_SECRET_ACCESS_KEY: "secret",
    SLUICE_MAX_OBJECT_BYTES: "20000",
  });
  await server.ready;
});
afterAll(() => void bucket.close());

const ask = async (body: unknown) => {
  const response = await post(`${server.url}/invocations`, JSON.stringify(body), {
    "content-type": "application/json",
  });
  return { status: response.status, answer: (await response.json()) as object };
};

test("an image in S3 can be named instead of sent", async () => {
  const { status, answer } = await ask({ s3Uri: "s3://photos/a light one.jpg" });
  expect(answer).toMatchObject({ predictions: [{ class: "light" }, {}], image: { width: 64, height: 48 } });
  expect(status).toBe(200);
});

test.each<[string, unknown, number, string]>([
  ["a missing object", { s3Uri: "s3://photos/none.jpg" }, 404, "OBJECT_NOT_FOUND"],
  ["an object that the role may not read", { s3Uri: "s3://secret/key" }, 403, "OBJECT_FORBIDDEN"],
  ["an object that is too large", { s3Uri: "s3://photos/large" }, 413, "BODY_TOO_LARGE"],
  ["what is no S3 URI", { s3Uri: "https://elsewhere/x.jpg" }, 400, "REQUEST_INVALID"],
  ["JSON without text or URI", { image: 7 }, 400, "REQUEST_INVALID"],
])("%s is rejected with a reason", async (_, body, status, code) => {
  const refused = await ask(body);
  expect(refused.answer).toMatchObject({ code, message: expect.any(String), hint: expect.any(String) });
  expect(refused.status).toBe(status);
});
