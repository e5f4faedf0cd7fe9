import { afterEach, describe, expect, test } from "vitest";
import { compileSelection, routeOf } from "./selection.ts";
import { testChat, type Chat, type ChatOptions } from "./testing.ts";

const PATIENT = { timeout: 15_000 };

describe("messages", () => {
  let chat: Chat;
  afterEach(() => chat.dispose());
  const start = async (options?: ChatOptions) => {
    chat = await testChat(options);
    return chat.connect();
  };

  test("without a route are forbidden", async () => {
    const client = await start({ routes: ["$connect", "join"] });
    client.send({ action: "leave" });
    expect(JSON.parse(await client.next())).toEqual({
      message: "Forbidden",
      connectionId: chat.events()[0].requestContext.connectionId,
      requestId: expect.any(String),
    });
  });

  test.each([
    ["throws", "throw new Error('secret')"],
    ["returns no response", "return 'yes'"],
  ])("whose function %s get an error without details", async (_, failing) => {
    const client = await start({ handler: `if (event.body) ${failing};` });
    client.send("x");
    const error = JSON.parse(await client.next());
    const { connectionId, requestId } = chat.events()[1].requestContext;
    expect(error).toEqual({ message: "Internal server error", connectionId, requestId });
  });

  test("get the function's response where the route has a route response, and only there", async () => {
    const client = await start({
      routes: ["$default", "ask"],
      handler: "return { statusCode: 200, body: 'to ' + event.requestContext.routeKey };",
      resources: [
        {
          name: "AskResponse",
          type: "aws:apigatewayv2/routeResponse:RouteResponse",
          inputs: { apiId: "${ChatApi.id}", routeId: "${Route1.id}", routeResponseKey: "$default" },
        },
      ],
    });
    client.send("hello");
    await chat.received(1);
    client.send({ action: "ask" });
    expect(await client.next()).toBe("to ask");
  });

  test("wait in the socket while eight are in functions", async () => {
    const client = await start({ routes: ["$default"] });
    const other = await chat.connect();
    const delay = { point: "lambda:Invoke", kind: "delay", ms: 1000 } as const;
    chat.cloud.faults.set([delay]);
    const invoked = () => chat.cloud.faults.list()[0]!.applied;
    for (let index = 0; index < 20; index++) client.send(String(index));
    await expect.poll(invoked, PATIENT).toBe(8);
    // The ninth would be there before the message of another connection.
    other.send("other");
    await expect.poll(invoked, PATIENT).toBe(9);
    await chat.clock.advance(1000);
    await expect.poll(invoked, PATIENT).toBe(17);
    chat.cloud.faults.set([]);
    await chat.clock.advance(1000);
    const bodies = (await chat.received(21)).map(({ body }) => body);
    expect(new Set(bodies)).toEqual(
      new Set([...Array.from({ length: 20 }, (_, index) => String(index)), "other"]),
    );
  });
});

describe("the route of a message", () => {
  const select = compileSelection("$request.body.action", "Chat");
  const routes = new Map(["$connect", "$disconnect", "$default", "join", "7"].map((key) => [key, key]));

  test.each([
    ['{"action":"join"}', "join"],
    ['{"action":7}', "7"],
    ['{"action":"other"}', "$default"],
    ['{"action":{"a":1}}', "$default"],
    ['{"action":"$connect"}', "$default"],
    ['{"action":"$disconnect"}', "$default"],
    ['{"constructor":"join"}', "$default"],
    ["join", "$default"],
    ["null", "$default"],
    ["", "$default"],
  ])("%s goes to %s", (message, route) => expect(routeOf(routes, select(message))).toBe(route));

  test("may be a nested member, and does not exist without $default", () => {
    const nested = compileSelection("${request.body.head.type}", "Chat");
    expect(nested('{"head":{"type":"join"}}')).toBe("join");
    expect(nested('{"head":"type"}')).toBeUndefined();
    expect(routeOf(new Map([["join", 1]]), "leave")).toBeUndefined();
  });

  test("by another expression is an error that names the API", () => {
    expect(() => compileSelection("$request.header.x", "Chat")).toThrow(
      /Chat selects routes by "\$request.header.x"/,
    );
  });
});
