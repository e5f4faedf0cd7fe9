// Which handshakes are accepted.
import { once } from "node:events";
import { connect as connectSocket, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { testChat, type Chat, type ChatOptions } from "./testing.ts";

let chat: Chat;
afterEach(() => chat.dispose());

const start = async (options?: ChatOptions) => void (chat = await testChat(options));
const VALID = ["Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="] as const;

/** A client of its own: the library sends no invalid handshakes. */
function dial(...headers: string[]) {
  const socket = connectSocket(Number(new URL(chat.url).port), "127.0.0.1");
  const lines = ["GET /_ws/ChatApi/$default HTTP/1.1", "Host: 127.0.0.1", "Connection: Upgrade", ...headers];
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  return socket;
}

const AUTHORIZER = {
  resources: [
    {
      name: "Door",
      type: "aws:apigatewayv2/authorizer:Authorizer",
      inputs: {
        apiId: "${ChatApi.id}",
        authorizerType: "REQUEST",
        authorizerUri: "${Handler.invokeArn}",
        identitySources: ["route.request.header.Authorization", "route.request.querystring.room"],
      },
    },
  ],
  inputs: { Route0: { authorizationType: "CUSTOM", authorizerId: "${Door.id}" } },
};

describe("the function of $connect decides", () => {
  test("by its status code, which the client gets", async () => {
    await start({ handler: "return { statusCode: Number(event.queryStringParameters.status) };" });
    const status = async (code: number) => (await chat.refused({}, `${chat.url}?status=${code}`)).status;
    expect([await status(401), await status(403), await status(500)]).toEqual([401, 403, 500]);
    const { body } = await chat.refused({}, `${chat.url}?status=404`);
    expect(body).toEqual({
      message: "Forbidden",
      connectionId: expect.any(String),
      requestId: expect.any(String),
    });
    await chat.connect({}, `${chat.url}?status=204`);
    expect(chat.events().map(({ requestContext }) => requestContext.eventType)).not.toContain("DISCONNECT");
  });

  test("an error or a result that is no response is a 502, as on AWS", async () => {
    await start({ handler: "if (event.queryStringParameters) throw new Error('secret'); return 'yes';" });
    const { status, body } = await chat.refused();
    expect([status, body.message]).toEqual([502, "Internal server error"]);
    expect(await chat.refused({}, `${chat.url}?x=1`)).toMatchObject({
      status: 502,
      body: { message: "Internal server error" },
    });
  });

  test("no result within 29 seconds is a 504", async () => {
    await start({ handler: "await new Promise(() => setInterval(() => {}, 1000));" });
    const pending = chat.refused();
    await chat.received(1);
    await chat.clock.advance(29_000);
    expect(await pending).toMatchObject({ status: 504, body: { message: "Endpoint request timed out" } });
  });

  test("it selects the subprotocol, of those that the client offers", async () => {
    await start({ handler: "return { statusCode: 200, headers: { 'sec-websocket-protocol': 'v2' } };" });
    expect((await chat.connect({ protocols: ["v1", "v2"] })).socket.protocol).toBe("v2");
    // A client refuses a subprotocol that it did not offer.
    expect((await chat.connect()).socket.protocol).toBe("");
  });

  test("a client that goes away during $connect is disconnected", async () => {
    await start();
    const delay = { point: "lambda:Invoke", kind: "delay", ms: 1000, times: 1 } as const;
    chat.cloud.faults.set([delay]);
    const socket = dial("Upgrade: websocket", ...VALID);
    await expect.poll(() => chat.cloud.faults.list()[0]!.applied, { timeout: 15_000 }).toBe(1);
    socket.destroy();
    await once(socket, "close");
    await chat.clock.advance(1000);
    const [, last] = await chat.received(2);
    expect(last.requestContext).toMatchObject({ eventType: "DISCONNECT", disconnectStatusCode: 1006 });
  });
});

describe("a Lambda authorizer decides first", () => {
  const policy = (Effect: string) =>
    `policyDocument: { Statement: [{ Effect: "${Effect}", Action: "execute-api:Invoke", Resource: event.methodArn }] }`;
  const handler = `
    if (event.type === "REQUEST") {
      const token = event.headers.Authorization;
      if (token === "none") throw new Error("Unauthorized");
      if (token === "broken") return { principalId: "u1" };
      return token === "good"
        ? { principalId: "u1", context: { level: 3 }, ${policy("Allow")} }
        : { principalId: "u1", ${policy("Deny")} };
    }`;
  const bearing = (Authorization: string) => ({ headers: { Authorization } });

  test("by a policy; its context is in the events of the connection", async () => {
    await start({ ...AUTHORIZER, handler });
    const url = `${chat.url}?room=1`;
    const client = await chat.connect(bearing("good"), url);
    client.send("hello");
    await chat.received(3);
    const [asked, connected, message] = chat.events();
    expect(asked).toMatchObject({
      type: "REQUEST",
      methodArn: "arn:aws:execute-api:us-east-1:000000000000:ChatApi/$default/$connect",
      queryStringParameters: { room: "1" },
      requestContext: { routeKey: "$connect", eventType: "CONNECT" },
    });
    for (const event of [connected, message])
      expect(event.requestContext.authorizer).toEqual({ principalId: "u1", level: "3" });
  });

  test.each([
    ["bad", "?room=1", 403, "Forbidden"],
    ["none", "?room=1", 401, "Unauthorized"],
    ["broken", "?room=1", 500, "Internal server error"],
    ["good", "", 401, "Unauthorized"],
  ])("%s with the query %j is refused with %i", async (token, query, status, message) => {
    await start({ ...AUTHORIZER, handler });
    expect(await chat.refused(bearing(token), chat.url + query)).toMatchObject({ status, body: { message } });
    expect(chat.events().filter(({ type }) => type !== "REQUEST")).toEqual([]);
  });
});

describe("before any function", () => {
  test("other APIs and stages are forbidden, and other paths do not exist", async () => {
    await start();
    const at = async (path: string) =>
      (await chat.refused({}, chat.cloud.endpoint.replace("http", "ws") + path)).status;
    expect(await at("/_ws/ChatApi/prod")).toBe(403);
    expect(await at("/_ws/Other/$default")).toBe(403);
    expect(await at("/_ws/%zz/$default")).toBe(403);
    expect(await at("/_url/Handler")).toBe(404);
    expect(await at("/")).toBe(404);
  });

  test("pages of other origins and names that are not this machine's are refused", async () => {
    await start();
    const port = new URL(chat.url).port;
    const from = async (headers: Record<string, string>) => (await chat.refused({ headers })).status;
    expect(await from({ origin: "https://evil.example" })).toBe(403);
    expect(await from({ origin: "http://127.0.0.1:1" })).toBe(403);
    expect(await from({ origin: "null" })).toBe(403);
    expect(await from({ host: "rebound.example" })).toBe(421);
    expect(chat.events()).toEqual([]);
    await chat.connect({ headers: { origin: `http://localhost:${port}` } });
  });

  test("a broken handshake is a 400, and an upgrade to something else an ordinary request", async () => {
    await start();
    const statusOf = async (socket: Socket) => (await text(socket)).split("\r\n")[0];
    const [version, key] = VALID;
    expect(await statusOf(dial("Upgrade: websocket", version))).toBe("HTTP/1.1 400 Bad Request");
    expect(await statusOf(dial("Upgrade: websocket", "Sec-WebSocket-Version: 8", key))).toBe(
      "HTTP/1.1 400 Bad Request",
    );
    expect(chat.events()).toEqual([]);
    // An AWS request without a signature.
    expect(await statusOf(dial("Upgrade: h2c", "Connection: close"))).toBe("HTTP/1.1 403 Forbidden");
  });

  test("more than 500 new connections in a second are refused with 429", async () => {
    await start({ routes: ["$default"] });
    await Promise.all(Array.from({ length: 500 }, () => chat.connect()));
    expect(await chat.refused()).toMatchObject({ status: 429, body: { message: "Too Many Requests" } });
    await chat.clock.advance(1000);
    await chat.connect();
  });
});
