import { DeleteConnectionCommand, PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { afterEach, expect, test } from "vitest";
import { testChat, type Chat, type ChatOptions } from "./testing.ts";

let chat: Chat;
afterEach(() => chat.dispose());

const start = async (options?: ChatOptions) => void (chat = await testChat(options));

test("a client connects, gets a message from a function by the SDK, and disconnects", async () => {
  await start({
    handler: `
      const { routeKey, connectionId } = event.requestContext;
      if (routeKey === "$default") {
        const client = new management.ApiGatewayManagementApiClient({ endpoint: Chat.managementEndpoint });
        const Data = "echo " + event.body;
        await client.send(new management.PostToConnectionCommand({ ConnectionId: connectionId, Data }));
      }`,
  });
  const client = await chat.connect();
  client.send("hello");
  expect(await client.next()).toBe("echo hello");
  client.socket.close(1000, "done");
  await client.closed;
  await expect.poll(() => chat.events().length).toBe(3);
  expect(chat.events().map(({ requestContext: { eventType } }) => eventType)).toEqual([
    "CONNECT",
    "MESSAGE",
    "DISCONNECT",
  ]);
});

test("a root client posts to a connection and deletes it; afterwards it is gone", async () => {
  await start();
  const client = await chat.connect();
  const ConnectionId = chat.events()[0].requestContext.connectionId;
  await chat.management.send(new PostToConnectionCommand({ ConnectionId, Data: "héllo" }));
  expect(await client.next()).toBe("héllo");
  await chat.management.send(new DeleteConnectionCommand({ ConnectionId }));
  expect(await client.closed).toEqual({ code: 1000, reason: "Connection Closed Normally" });
  await expect(
    chat.management.send(new PostToConnectionCommand({ ConnectionId, Data: "x" })),
  ).rejects.toMatchObject({ name: "GoneException", $metadata: { httpStatusCode: 410 } });
});
