// What ends a connection. The clock is the test's.
import { connect as connectSocket } from "node:net";
import { PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { afterEach, expect, test } from "vitest";
import { SWEEP_MS } from "./limits.ts";
import { testChat, type Chat } from "./testing.ts";

let chat: Chat;
afterEach(() => chat.dispose());

const MINUTE_MS = 60_000;
const lastOf = async (count: number) => (await chat.received(count)).at(-1).requestContext;

test("a connection without a message for ten minutes is closed; one message either way keeps it", async () => {
  chat = await testChat({ routes: ["$connect", "$disconnect", "$default"] });
  const client = await chat.connect();
  const post = () =>
    chat.management.send(
      new PostToConnectionCommand({ ConnectionId: chat.events()[0].requestContext.connectionId, Data: "x" }),
    );
  await chat.clock.advance(9 * MINUTE_MS);
  await post();
  await chat.clock.advance(9 * MINUTE_MS);
  client.send("still here");
  await chat.received(2);
  await chat.clock.advance(9 * MINUTE_MS);
  await post();
  // Not further: the function of $disconnect has 29 seconds by the same clock.
  await chat.clock.advance(10 * MINUTE_MS + SWEEP_MS);
  expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
  expect(await lastOf(3)).toMatchObject({ disconnectStatusCode: 1001, disconnectReason: "Going away" });
  await expect(post()).rejects.toMatchObject({ name: "GoneException" });
});

test("a connection is closed after two hours, however active", async () => {
  chat = await testChat({ routes: ["$connect"] });
  const client = await chat.connect();
  const ConnectionId = chat.events()[0].requestContext.connectionId;
  for (let minutes = 0; minutes < 119; minutes += 7) {
    await chat.management.send(new PostToConnectionCommand({ ConnectionId, Data: "x" }));
    await chat.clock.advance(7 * MINUTE_MS);
  }
  expect(client.socket.readyState).toBe(client.socket.OPEN);
  await chat.clock.advance(2 * MINUTE_MS);
  expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
});

test("a message of 128 KB in frames of 32 KB is accepted", async () => {
  chat = await testChat({ routes: ["$default"] });
  const client = await chat.connect();
  const part = "x".repeat(32 * 1024);
  for (const last of [false, false, false, true]) client.socket.send(part, { fin: last });
  const [event] = await chat.received(1);
  expect(event.body).toHaveLength(128 * 1024);
});

test.each([
  ["a frame above 32 KB", 1009, (send: SendPart) => send("x".repeat(32 * 1024 + 1), true)],
  [
    "a message above 128 KB",
    1009,
    (send: SendPart) => {
      for (const last of [false, false, false, false, true]) send("x".repeat(30 * 1024), last);
    },
  ],
  ["binary data", 1003, (send: SendPart) => send(Buffer.from([1, 2, 3]), true)],
])("%s closes the connection with %i, and reaches no function", async (_, code, sendParts) => {
  chat = await testChat({ routes: ["$disconnect", "$default"] });
  const client = await chat.connect();
  sendParts((data, fin) => client.socket.send(data, { fin }));
  expect(await client.closed).toMatchObject({ code });
  expect(await lastOf(1)).toMatchObject({ disconnectStatusCode: code });
  expect(chat.events()).toHaveLength(1);
});

test("text that is not UTF-8 closes the connection with 1007", async () => {
  chat = await testChat({ routes: ["$disconnect", "$default"] });
  const client = await chat.connect();
  client.socket.send(Buffer.from([0xff, 0xfe]), { binary: false });
  expect(await client.closed).toMatchObject({ code: 1007 });
  expect(await lastOf(1)).toMatchObject({ disconnectStatusCode: 1007 });
});

test("a client that does not read gets errors for it, and is disconnected", async () => {
  chat = await testChat();
  const client = await chat.connect();
  const ConnectionId = chat.events()[0].requestContext.connectionId;
  client.socket.pause();
  const Data = "x".repeat(128 * 1024);
  const fill = async () => {
    for (;;) await chat.management.send(new PostToConnectionCommand({ ConnectionId, Data }));
  };
  await expect(fill()).rejects.toMatchObject({
    name: "LimitExceededException",
    $metadata: { httpStatusCode: 429 },
  });
  await chat.clock.advance(20_000);
  expect(await lastOf(2)).toMatchObject({ disconnectStatusCode: 1006 });
});

test("a stop closes connections with 1001, and a restarted cloud accepts them again", async () => {
  chat = await testChat();
  const client = await chat.connect();
  // A client that does not answer the close frame does not delay the stop for long.
  const silent = connectSocket(Number(new URL(chat.url).port), "127.0.0.1");
  silent.on("error", () => {});
  silent.write(
    "GET /_ws/ChatApi/$default HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await chat.received(2);
  await chat.restart();
  expect(await client.closed).toEqual({ code: 1001, reason: "Going away" });
  const again = await chat.connect();
  expect(again.socket.readyState).toBe(again.socket.OPEN);
});

test("a stop does not wait for a handshake whose function has not responded", async () => {
  chat = await testChat();
  chat.cloud.faults.set([{ point: "lambda:Invoke", kind: "delay", ms: 1000 }]);
  const pending = chat.connect();
  await expect.poll(() => chat.cloud.faults.list()[0]!.applied, { timeout: 15_000 }).toBe(1);
  const [refused] = await Promise.allSettled([pending, chat.restart()]);
  expect(refused.status).toBe("rejected");
});

type SendPart = (data: string | Buffer, fin: boolean) => void;
