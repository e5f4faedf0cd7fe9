import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client, GetObjectCommand } from "@aws-sdk/client-s3";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "vitest";
import { stubServices } from "./testing.ts";

const stubs = stubServices();
const s3 = () => new S3Client(stubs.cloud.client);

describe("the connection", () => {
  const raw = (lines: string[], body: Buffer | string = "") =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(stubs.cloud.endpoint).port), "127.0.0.1");
      socket.write(`${[...lines, "host: 127.0.0.1", "connection: close"].join("\r\n")}\r\n\r\n`);
      socket.write(body);
      text(socket).then(resolve, reject);
    });

  test("unknown services and operations fail by name, in the client's protocol", async () => {
    expect(
      await raw(["POST / HTTP/1.1", "x-amz-target: Kinesis_20131202.PutRecord", "content-length: 2"], "{}"),
    ).toMatch(/501[^]*NotImplemented[^]*Kinesis_20131202.PutRecord/);
    expect(await raw(["GET /box?acl HTTP/1.1"])).toContain("AccessDenied");
    await expect(
      s3().send(new GetObjectCommand({ Bucket: "box", Key: "k", PartNumber: 1 })),
    ).resolves.toBeDefined();
  });

  test.each([
    ["a path that is not text", ["GET /box/%ff%fe%zz HTTP/1.1"]],
    ["a very long header value", [`GET /box/k HTTP/1.1`, `authorization: ${"a".repeat(9000)}`]],
    ["an invalid authorization", ["GET /box/k HTTP/1.1", "authorization: AWS4-HMAC-SHA256 Credential="]],
    [
      "a gzip bomb",
      [
        "POST / HTTP/1.1",
        "x-amz-target: AmazonSQS.SendMessage",
        "content-encoding: gzip",
        "content-length: 5",
      ],
    ],
  ])("%s gets a 4xx response, and the cloud continues", async (_, lines) => {
    expect(await raw(lines, gzipSync(Buffer.alloc(10)).subarray(0, 5))).toMatch(/^HTTP\/1.1 4\d\d/);
    expect((await fetch(`${stubs.cloud.endpoint}/_cloud/health`)).status).toBe(200);
  });

  test("faults: an error after the work is retried by the SDK, and the work was done twice", async () => {
    let times = 0;
    stubs.handlers.SendMessage = () => ({ MessageId: `${++times}` });
    stubs.cloud.faults.set([
      {
        point: "sqs:SendMessage",
        kind: "error",
        code: "InternalError",
        status: 500,
        when: "after",
        times: 1,
      },
    ]);
    await new SQSClient({ ...stubs.cloud.client, md5: false }).send(
      new SendMessageCommand({ QueueUrl: "q", MessageBody: "b" }),
    );
    expect(times).toBe(2);
  });

  test("faults: a reset breaks the connection", async () => {
    stubs.cloud.faults.set([{ point: "lambda:Invoke", kind: "reset" }]);
    const client = new LambdaClient({ ...stubs.cloud.client, maxAttempts: 1 });
    await expect(client.send(new InvokeCommand({ FunctionName: "f" }))).rejects.toThrow(
      /socket hang up|ECONNRESET/,
    );
    stubs.cloud.faults.set([]);
  });
});
