// The management API with the SDK's client over the wire.
import {
  ApiGatewayManagementApiClient,
  DeleteConnectionCommand,
  GetConnectionCommand,
  PostToConnectionCommand,
} from "@aws-sdk/client-apigatewaymanagementapi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { testChat, type Chat } from "./testing.ts";

let chat: Chat;
beforeAll(async () => {
  chat = await testChat({
    handler: `
      if (event.body === "post") {
        const client = new management.ApiGatewayManagementApiClient({ endpoint: Chat.managementEndpoint });
        const { connectionId: ConnectionId } = event.requestContext;
        await client.send(new management.PostToConnectionCommand({ ConnectionId, Data: "from a function" }));
      }`,
    resources: [
      {
        name: "Poster",
        type: "aws:iam/role:Role",
        inputs: {
          inlinePolicies: [
            {
              name: "inline",
              policy: JSON.stringify({
                Statement: [
                  {
                    Effect: "Allow",
                    Action: "execute-api:ManageConnections",
                    Resource: "${ChatApi.executionArn}/$default/POST/@connections/*",
                  },
                ],
              }),
            },
          ],
        },
      },
    ],
  });
});
afterAll(() => chat.dispose());

const newest = () => chat.events().at(-1).requestContext.connectionId as string;

async function connect() {
  const client = await chat.connect();
  return { client, ConnectionId: newest() };
}

const as = (role: string) => {
  const credentials = chat.cloud.kernel.keys.issue(`arn:aws:iam::000000000000:role/${role}`, "s");
  return new ApiGatewayManagementApiClient({
    ...chat.cloud.client,
    credentials,
    endpoint: chat.managementEndpoint,
  });
};

test("a function answers through the linked endpoint, with the permission of the link", async () => {
  const { client } = await connect();
  client.send("post");
  expect(await client.next()).toBe("from a function");
});

test("a post arrives as text, whatever its bytes", async () => {
  const { client, ConnectionId } = await connect();
  for (const Data of ["héllo", Buffer.from([0x61, 0xff]), "x".repeat(128 * 1024), ""])
    await chat.management.send(new PostToConnectionCommand({ ConnectionId, Data }));
  expect(await client.next()).toBe("héllo");
  expect(await client.next()).toBe("a\ufffd");
  expect(await client.next()).toHaveLength(128 * 1024);
  expect(await client.next()).toBe("");
});

test("GetConnection tells when, who and how long ago", async () => {
  const { ConnectionId } = await connect();
  const since = new Date(chat.clock.now());
  await chat.clock.advance(5000);
  await chat.management.send(new PostToConnectionCommand({ ConnectionId, Data: "x" }));
  const found = await chat.management.send(new GetConnectionCommand({ ConnectionId }));
  expect(found).toMatchObject({
    ConnectedAt: since,
    LastActiveAt: new Date(since.getTime() + 5000),
    Identity: { SourceIp: "127.0.0.1", UserAgent: "" },
  });
});

test("DeleteConnection closes the connection, which is then gone for every operation", async () => {
  const { client, ConnectionId } = await connect();
  const deleted = await chat.management.send(new DeleteConnectionCommand({ ConnectionId }));
  expect(deleted.$metadata.httpStatusCode).toBe(204);
  expect(await client.closed).toEqual({ code: 1000, reason: "Connection Closed Normally" });
  const gone = { name: "GoneException", $metadata: { httpStatusCode: 410 } };
  await expect(chat.management.send(new DeleteConnectionCommand({ ConnectionId }))).rejects.toMatchObject(
    gone,
  );
  await expect(chat.management.send(new GetConnectionCommand({ ConnectionId }))).rejects.toMatchObject(gone);
  const post = new PostToConnectionCommand({ ConnectionId, Data: "x" });
  await expect(chat.management.send(post)).rejects.toMatchObject(gone);
});

test("a post above 128 KB is too large", async () => {
  const { ConnectionId } = await connect();
  const post = new PostToConnectionCommand({ ConnectionId, Data: "x".repeat(128 * 1024 + 1) });
  await expect(chat.management.send(post)).rejects.toMatchObject({
    name: "PayloadTooLargeException",
    $metadata: { httpStatusCode: 413 },
  });
});

test("another stage is forbidden, and an unsigned request too", async () => {
  const { ConnectionId } = await connect();
  const endpoint = `${chat.cloud.endpoint}/_ws/ChatApi/prod`;
  const client = new ApiGatewayManagementApiClient({ ...chat.cloud.client, endpoint });
  await expect(client.send(new GetConnectionCommand({ ConnectionId }))).rejects.toMatchObject({
    name: "ForbiddenException",
    $metadata: { httpStatusCode: 403 },
  });
  const url = `${chat.managementEndpoint}/@connections/${encodeURIComponent(ConnectionId)}`;
  expect((await fetch(url, { method: "POST", body: "x" })).status).toBe(403);
});

test("a role needs ManageConnections for the method, the stage and the connection", async () => {
  const { client, ConnectionId } = await connect();
  await as("Poster").send(new PostToConnectionCommand({ ConnectionId, Data: "allowed" }));
  expect(await client.next()).toBe("allowed");
  await expect(as("Poster").send(new DeleteConnectionCommand({ ConnectionId }))).rejects.toMatchObject({
    name: "AccessDeniedException",
    $metadata: { httpStatusCode: 403 },
    message: expect.stringContaining(
      `execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:000000000000:ChatApi/$default/DELETE/@connections/${ConnectionId}`,
    ),
  });
});
