// The events of one connection, member by member.
import { afterAll, beforeAll, expect, test } from "vitest";
import { testChat, type Chat } from "./testing.ts";

let chat: Chat;
let events: any[];
beforeAll(async () => {
  chat = await testChat({
    routes: ["$connect", "$disconnect", "$default", "join"],
    inputs: { ChatStage: { stageVariables: { color: "red" } } },
  });
  const client = await chat.connect(
    { headers: { "User-Agent": "test/1", "X-Twice": ["a", "b"], "X-Forwarded-For": "8.8.8.8" } },
    `${chat.url}?room=1&room=2&name=a%20b`,
  );
  client.send({ action: "join", room: 1 });
  await chat.received(2);
  await chat.clock.advance(1500);
  client.send("no JSON");
  await chat.received(3);
  client.socket.close();
  events = await chat.received(4);
});
afterAll(() => chat.dispose());

const ID = expect.stringMatching(/^[\w-]{15}=$/);
const CONNECTED_AT = Date.UTC(2026, 0, 1);
const context = (about: Record<string, unknown>) => ({
  extendedRequestId: ID,
  requestTime: "01/Jan/2026:00:00:00 +0000",
  messageDirection: "IN",
  stage: "$default",
  connectedAt: CONNECTED_AT,
  requestTimeEpoch: CONNECTED_AT,
  identity: { userAgent: "test/1", sourceIp: "127.0.0.1" },
  requestId: ID,
  domainName: new URL(chat.url).host,
  connectionId: events[0].requestContext.connectionId,
  apiId: "ChatApi",
  ...about,
});

test("CONNECT has the handshake's headers and query parameters", () => {
  const { headers, multiValueHeaders, ...rest } = events[0];
  expect(headers).toMatchObject({
    Host: new URL(chat.url).host,
    "Sec-WebSocket-Version": "13",
    "X-Twice": "b",
    "X-Forwarded-For": "127.0.0.1",
    "X-Forwarded-Port": new URL(chat.url).port,
    "X-Forwarded-Proto": "http",
  });
  expect(multiValueHeaders).toMatchObject({ "X-Twice": ["a", "b"], "X-Forwarded-For": ["127.0.0.1"] });
  expect(Object.keys(headers)).not.toContain("Upgrade");
  expect(rest).toEqual({
    queryStringParameters: { room: "2", name: "a b" },
    multiValueQueryStringParameters: { room: ["1", "2"], name: ["a b"] },
    requestContext: context({ routeKey: "$connect", eventType: "CONNECT", connectionId: ID }),
    stageVariables: { color: "red" },
    isBase64Encoded: false,
  });
});

test("MESSAGE has the route that the body selects, and a body", () => {
  expect(events[1]).toEqual({
    requestContext: context({ routeKey: "join", eventType: "MESSAGE", messageId: ID }),
    stageVariables: { color: "red" },
    body: '{"action":"join","room":1}',
    isBase64Encoded: false,
  });
  expect(events[2]).toEqual({
    requestContext: context({
      routeKey: "$default",
      eventType: "MESSAGE",
      messageId: ID,
      requestTime: "01/Jan/2026:00:00:01 +0000",
      requestTimeEpoch: CONNECTED_AT + 1500,
    }),
    stageVariables: { color: "red" },
    body: "no JSON",
    isBase64Encoded: false,
  });
});

test("DISCONNECT has the reason, and the four headers that AWS sends", () => {
  expect(events[3]).toMatchObject({
    headers: {
      Host: new URL(chat.url).host,
      "x-api-key": "",
      "X-Forwarded-For": "127.0.0.1",
      "x-restapi": "",
    },
    requestContext: {
      routeKey: "$disconnect",
      eventType: "DISCONNECT",
      disconnectStatusCode: 1005,
      disconnectReason: "Client-side close frame status not set",
      requestTimeEpoch: CONNECTED_AT + 1500,
    },
  });
  expect(events[3]).not.toHaveProperty("body");
  expect(events[3]).not.toHaveProperty("queryStringParameters");
});
