import { afterAll, beforeAll, expect, test } from "vitest";
import { startReceiver } from "../../../../test/support/receiver.ts";
import { postJson } from "./post.ts";

const local = { allowLoopback: true };
let receiver: Awaited<ReturnType<typeof startReceiver>>;
beforeAll(async () => {
  receiver = await startReceiver();
});
afterAll(() => receiver.close());

const post = (options: Partial<Parameters<typeof postJson>[1]> = {}) =>
  postJson(new URL(`${receiver.url}/secret/path`), { headers: {}, body: "{}", policy: local, ...options });

test("a 2xx status is a success", async () => {
  receiver.respond(202);
  await post({ headers: { "webhook-id": "msg_1" } });
  expect(receiver.requests.at(-1)).toMatchObject({
    path: "/secret/path",
    body: "{}",
    headers: { "content-type": "application/json", "webhook-id": "msg_1" },
  });
});

test.each([
  [500, /^The webhook at 127\.0\.0\.1:\d+ returned HTTP 500\.$/],
  [404, /returned HTTP 404\.$/],
  [302, /redirected \(HTTP 302\)\. Redirects are not followed\.$/],
])("HTTP %i is a failure that names the host only", async (status, message) => {
  receiver.respond(status);
  const before = receiver.requests.length;
  await expect(post()).rejects.toMatchObject({
    code: "WEBHOOK_FAILED",
    retryable: true,
    message: expect.stringMatching(message),
  });
  expect(receiver.requests.length - before, "requests").toBe(1);
});

test("a receiver that does not respond in time is a failure", async () => {
  receiver.respond(0);
  await expect(post({ timeoutMs: 50 })).rejects.toThrow(/did not respond within 0\.05 s/);
});

test("a refused connection is a failure", async () => {
  const gone = await startReceiver();
  await gone.close();
  await expect(postJson(new URL(gone.url), { headers: {}, body: "", policy: local })).rejects.toThrow(
    /could not be reached: .*ECONNREFUSED/,
  );
});

test("on AWS, a name with an address of this machine gets no request", async () => {
  const before = receiver.requests.length;
  const url = new URL(receiver.url.replace("127.0.0.1", "localhost"));
  await expect(
    postJson(url, { headers: {}, body: "{}", policy: { allowLoopback: false } }),
  ).rejects.toMatchObject({ code: "WEBHOOK_URL_REFUSED" });
  expect(receiver.requests).toHaveLength(before);
});
