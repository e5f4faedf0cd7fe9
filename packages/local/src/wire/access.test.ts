// Requests are rejected before they reach a service, by host, origin, path, scope and age of the signature.
import { request as httpRequest } from "node:http";
import { text } from "node:stream/consumers";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { stubServices } from "./testing.ts";

const stubs = stubServices();
const MINUTE_MS = 60_000;

/** With any header, including `Host`, which fetch does not allow. */
function send(path: string, headers: Record<string, string>, method = "GET", body = "") {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { port } = new URL(stubs.cloud.endpoint);
    httpRequest({ port, path, method, headers }, async (response) =>
      resolve({ status: response.statusCode!, text: await text(response) }),
    )
      .on("error", reject)
      .end(body);
  });
}

/** Changes a client's request before it is signed. */
function before<Client extends { middlewareStack: any }>(
  client: Client,
  change: (request: any) => void,
): Client {
  client.middlewareStack.add(
    (next: any) => (args: any) => {
      change(args.request);
      return next(args);
    },
    { step: "build" },
  );
  return client;
}

describe("the host", () => {
  test.each(["/_cloud/health", "/", "/box/key", "/_site/x/", "/_url/x/"])(
    "%s is rejected for a host name that is not this machine's",
    async (path) => {
      const answer = await send(path, { host: "rebound.example" });
      expect(answer.status).toBe(421);
      expect(JSON.parse(answer.text)).toMatchObject({ code: "HostNotAllowed" });
    },
  );
});

describe("another origin", () => {
  const origin = "https://evil.example";

  test("is rejected in every protocol, even with a valid signature", async () => {
    const foreign = (request: any) => (request.headers.origin = origin);
    const { client } = stubs.cloud;
    const calls = [
      before(new DynamoDBClient(client), foreign).send(new GetItemCommand({ TableName: "t", Key: {} })),
      before(new LambdaClient(client), foreign).send(new InvokeCommand({ FunctionName: "f" })),
      before(new STSClient(client), foreign).send(new GetCallerIdentityCommand({})),
      before(new S3Client(client), foreign).send(new GetObjectCommand({ Bucket: "box", Key: "k" })),
    ];
    for (const answer of await Promise.allSettled(calls))
      expect(answer).toMatchObject({
        status: "rejected",
        reason: {
          $metadata: { httpStatusCode: 403 },
          message: expect.stringContaining(origin),
        },
      });
    expect(stubs.inputs).toEqual({});
  });
});

describe("the path", () => {
  test("RPC calls are accepted at / only", async () => {
    const client = before(new DynamoDBClient(stubs.cloud.client), (request) => (request.path = "/box/key"));
    await expect(client.send(new GetItemCommand({ TableName: "t", Key: {} }))).rejects.toMatchObject({
      name: "UnknownOperationException",
    });
    const query = before(new STSClient(stubs.cloud.client), (request) => (request.path = "/box/key"));
    await expect(query.send(new GetCallerIdentityCommand({}))).rejects.toThrow(/No operation of sts/);
    expect(stubs.inputs).toEqual({});
  });

  test("SQS calls are also accepted at the queue's URL", async () => {
    const client = before(
      new SQSClient({ ...stubs.cloud.client, md5: false }),
      (request) => (request.path = "/000000000000/orders"),
    );
    await client.send(
      new SendMessageCommand({ QueueUrl: "http://127.0.0.1/000000000000/orders", MessageBody: "x" }),
    );
    expect(stubs.inputs["SendMessage"]).toMatchObject({ MessageBody: "x" });
  });

  test("a bucket's host name serves only that bucket", async () => {
    const client = before(new DynamoDBClient(stubs.cloud.client), (request) => {
      request.headers.host = "box.localhost";
    });
    await expect(client.send(new GetItemCommand({ TableName: "t", Key: {} }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
    expect(stubs.inputs).toEqual({});
  });

  test("a signature for one service is invalid for others", async () => {
    const client = before(new DynamoDBClient(stubs.cloud.client), (request) => {
      request.headers["x-amz-target"] = "AmazonSQS.SendMessage";
    });
    await expect(client.send(new GetItemCommand({ TableName: "t", Key: {} }))).rejects.toMatchObject({
      message: "Credential should be scoped to correct service: 'sqs'.",
    });
  });
});

describe("the age of a header signature", () => {
  const aged = (minutes: number) => ({
    ...stubs.cloud.client,
    systemClockOffset: minutes * MINUTE_MS,
    maxAttempts: 1,
  });
  const ask = (minutes: number) =>
    new DynamoDBClient(aged(minutes)).send(new GetItemCommand({ TableName: "t", Key: {} }));
  const read = (minutes: number) =>
    new S3Client(aged(minutes)).send(new GetObjectCommand({ Bucket: "box", Key: "k" }));

  test("five minutes, either way", async () => {
    await ask(-4);
    await ask(4);
    await expect(ask(-6)).rejects.toMatchObject({ name: "InvalidSignatureException" });
    await expect(ask(6)).rejects.toThrow(/Signature not yet current/);
  });

  test("fifteen minutes for S3", async () => {
    await read(-14);
    await expect(read(-16)).rejects.toMatchObject({ name: "RequestTimeTooSkewed" });
    await expect(read(16)).rejects.toMatchObject({ name: "RequestTimeTooSkewed" });
  });

  test("a client whose clock is wrong corrects itself, as with AWS", async () => {
    const client = new DynamoDBClient({ ...aged(-60), maxAttempts: 2 });
    const { $metadata } = await client.send(new GetItemCommand({ TableName: "t", Key: {} }));
    expect($metadata).toMatchObject({ httpStatusCode: 200, attempts: 2 });
  });
});
