import { connect } from "node:net";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AwsError } from "../kernel/error.ts";
import { testCloud, type TestCloud } from "../kernel/testing-cloud.ts";
import type { Operation, Plugin } from "../kernel/service.ts";
import { sts } from "../service/sts/plugin.ts";

// One service of each protocol, which does what the running test says and keeps what it was given.
let answers: Record<string, Operation> = {};
let inputs: Record<string, any> = {};

function puppet(name: string, operations: string[]): Plugin {
  const act =
    (operation: string): Operation =>
    async (input, call) => {
      inputs[operation] = input;
      return answers[operation]?.(input, call) ?? {};
    };
  return {
    name,
    resources: {},
    start: () => ({
      operations: Object.fromEntries(operations.map((each) => [each, act(each)])),
      access: () => [],
    }),
  };
}

let cloud: TestCloud;
let s3: S3Client;

beforeAll(async () => {
  cloud = await testCloud({
    plugins: [
      sts,
      puppet("s3", [
        "PutObject",
        "GetObject",
        "HeadObject",
        "CopyObject",
        "UploadPart",
        "ListObjectsV2",
        "DeleteObjects",
        "GetBucketLocation",
      ]),
      puppet("dynamodb", ["PutItem", "GetItem"]),
      puppet("sqs", ["SendMessage", "GetQueueUrl"]),
      puppet("lambda", ["Invoke"]),
      puppet("cloudwatch", ["PutMetricData"]),
    ],
  });
  s3 = new S3Client(cloud.client);
});
afterAll(() => cloud.dispose());
beforeEach(() => {
  answers = {};
  inputs = {};
});

describe("S3 over REST and XML", () => {
  test("odd keys, metadata and a body arrive byte for byte", async () => {
    const Key = "a b/+%20//../é😀'()*!.jpg";
    answers.PutObject = async (input) => ({ ETag: `"${await text(input.Body)}"` });
    const answer = await s3.send(
      new PutObjectCommand({
        Bucket: "box",
        Key,
        Body: "héllo",
        Metadata: { who: "me" },
        ContentType: "text/plain",
      }),
    );
    expect(inputs.PutObject).toMatchObject({
      Bucket: "box",
      Key,
      Metadata: { who: "me" },
      ContentType: "text/plain",
    });
    expect(answer.ETag).toBe('"héllo"');
  });

  test("a streamed object comes back with its range's status and headers", async () => {
    const LastModified = new Date("2026-01-01T10:00:00Z");
    answers.GetObject = () => ({
      Body: Readable.from([Buffer.from("par"), Buffer.from("t")]),
      ContentLength: 4,
      ContentRange: "bytes 0-3/9",
      LastModified,
      $metadata: { httpStatusCode: 206 },
    });
    const answer = await s3.send(new GetObjectCommand({ Bucket: "box", Key: "k", Range: "bytes=0-3" }));
    expect(await answer.Body!.transformToString()).toBe("part");
    expect(answer).toMatchObject({ ContentLength: 4, LastModified, $metadata: { httpStatusCode: 206 } });
    expect(inputs.GetObject.Range).toBe("bytes=0-3");
  });

  test("a megabyte passes unbuffered, its digest checked against the signature", async () => {
    let size = 0;
    answers.PutObject = async (input) => {
      for await (const chunk of input.Body) size += chunk.length;
      return {};
    };
    await s3.send(new PutObjectCommand({ Bucket: "box", Key: "k", Body: Buffer.alloc(1 << 20, 7) }));
    expect(size).toBe(1 << 20);
  });

  test("operations that share a path are told apart", async () => {
    answers.CopyObject = () => ({ CopyObjectResult: { ETag: "e" } });
    await s3.send(new CopyObjectCommand({ Bucket: "box", Key: "b", CopySource: "box/a" }));
    await s3.send(
      new UploadPartCommand({ Bucket: "box", Key: "b", PartNumber: 2, UploadId: "u", Body: "x" }),
    );
    expect(Object.keys(inputs)).toEqual(["CopyObject", "UploadPart"]);
    expect(inputs.UploadPart).toMatchObject({ PartNumber: 2, UploadId: "u" });
  });

  test("lists and nested XML both ways, escaped", async () => {
    answers.ListObjectsV2 = () => ({
      Contents: [{ Key: '<a>&"b"', Size: 1, LastModified: new Date("2026-01-01T00:00:00Z") }],
      KeyCount: 1,
      IsTruncated: false,
    });
    const listed = await s3.send(new ListObjectsV2Command({ Bucket: "box", Prefix: "a/b c", MaxKeys: 5 }));
    expect(inputs.ListObjectsV2).toMatchObject({ Prefix: "a/b c", MaxKeys: 5 });
    expect(listed.Contents?.[0]).toMatchObject({ Key: '<a>&"b"', Size: 1 });

    answers.DeleteObjects = () => ({ Deleted: [{ Key: "x" }], Errors: [{ Key: "y", Code: "AccessDenied" }] });
    const Objects = [{ Key: "x & y" }, { Key: " z " }];
    const deleted = await s3.send(new DeleteObjectsCommand({ Bucket: "box", Delete: { Objects } }));
    expect(inputs.DeleteObjects.Delete.Objects).toEqual(Objects);
    expect(deleted).toMatchObject({ Deleted: [{ Key: "x" }], Errors: [{ Key: "y", Code: "AccessDenied" }] });

    answers.GetBucketLocation = () => ({ LocationConstraint: "eu-west-1" });
    expect((await s3.send(new GetBucketLocationCommand({ Bucket: "box" }))).LocationConstraint).toBe(
      "eu-west-1",
    );
  });

  test("errors carry code, status and fields, and HEAD its status alone", async () => {
    answers.GetObject = () => {
      throw new AwsError("NoSuchKey", "The specified key does not exist.", {
        status: 404,
        fields: { Key: "<k>" },
      });
    };
    answers.HeadObject = answers.GetObject;
    await expect(s3.send(new GetObjectCommand({ Bucket: "box", Key: "k" }))).rejects.toMatchObject({
      name: "NoSuchKey",
      Key: "<k>",
      $metadata: { httpStatusCode: 404 },
    });
    await expect(s3.send(new HeadObjectCommand({ Bucket: "box", Key: "k" }))).rejects.toMatchObject({
      name: "NotFound",
    });
  });

  test("the bucket may stand in the host", async () => {
    const seen: string[] = [];
    answers.GetObject = ({ Bucket, Key }) => void seen.push(`${Bucket} ${Key}`);
    const virtual = new S3Client({ ...cloud.client, forcePathStyle: true });
    virtual.middlewareStack.add(
      (next) => (args: any) => {
        args.request.path = args.request.path.replace("/my.box/", "/");
        args.request.headers.host = "my.box.s3.us-east-1.localhost";
        return next(args);
      },
      { step: "build" },
    );
    await virtual.send(new GetObjectCommand({ Bucket: "my.box", Key: "a/b" }));
    expect(seen).toEqual(["my.box a/b"]);
  });
});

describe("JSON", () => {
  const dynamodb = () => new DynamoDBClient(cloud.client);

  test("binary, numbers and nesting survive both ways", async () => {
    const Item = {
      pk: { S: "é" },
      n: { N: "12345678901234567890" },
      b: { B: new Uint8Array([0, 255]) },
      m: { M: {} },
    };
    answers.PutItem = (input) => ({ Attributes: input.Item });
    const { Attributes } = await dynamodb().send(new PutItemCommand({ TableName: "t", Item }));
    expect(Attributes).toEqual(Item);
  });

  test("a modelled error brings its members", async () => {
    answers.PutItem = () => {
      throw new AwsError("ConditionalCheckFailedException", "The conditional request failed", {
        fields: { Item: { pk: { S: "old" } } },
      });
    };
    await expect(dynamodb().send(new PutItemCommand({ TableName: "t", Item: {} }))).rejects.toMatchObject({
      name: "ConditionalCheckFailedException",
      message: "The conditional request failed",
      Item: { pk: { S: "old" } },
    });
  });

  test("an error inside the cloud is a 500 that says nothing of its cause, which is logged", async () => {
    answers.GetItem = () => {
      throw new Error("secret path");
    };
    const client = new DynamoDBClient({ ...cloud.client, maxAttempts: 1 });
    const failing = client.send(new GetItemCommand({ TableName: "t", Key: {} }));
    await expect(failing).rejects.toMatchObject({
      name: "InternalServerError",
      $metadata: { httpStatusCode: 500 },
    });
    await expect(failing).rejects.not.toThrow(/secret/);
    expect(cloud.problems.splice(0)).toEqual([expect.stringContaining("secret path")]);
  });

  test.each([
    ["not JSON", "{nope", /not valid JSON/],
    ["no object", "[]", /must be a JSON object/],
    [
      "a number for a name",
      '{"TableName":5,"Key":{}}',
      /NUMBER_VALUE can not be converted to a String \(at TableName\)/,
    ],
    [
      "text for a map",
      '{"TableName":"t","Key":"k"}',
      /STRING_VALUE can not be converted to a map \(at Key\)/,
    ],
    ["a wrong set", '{"Key":{"a":{"NS":["1",2]}}}', /\(at Key\.a\.NS\[1\]\)/],
  ])("a body that is %s is refused", async (_, body, message) => {
    const client = dynamodb();
    client.middlewareStack.add(
      (next) => (args: any) => {
        args.request.body = body;
        args.request.headers["content-length"] = String(body.length);
        return next(args);
      },
      { step: "build" },
    );
    await expect(client.send(new GetItemCommand({ TableName: "t", Key: {} }))).rejects.toMatchObject({
      name: "SerializationException",
      message: expect.stringMatching(message),
    });
    expect(inputs.GetItem).toBeUndefined();
  });

  test("query-compatible services send the old code too", async () => {
    answers.GetQueueUrl = () => {
      throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
    };
    const sqs = new SQSClient(cloud.client);
    const error = await sqs.send(new GetQueueUrlCommand({ QueueName: "q" })).catch((thrown) => thrown);
    expect(error).toMatchObject({
      name: "QueueDoesNotExist",
      Code: "AWS.SimpleQueueService.NonExistentQueue",
    });
  });

  test("a gzipped body is read", async () => {
    await new CloudWatchClient({ ...cloud.client, requestMinCompressionSizeBytes: 0 }).send(
      new PutMetricDataCommand({
        Namespace: "n",
        MetricData: [{ MetricName: "m", Value: 1, Timestamp: new Date(0) }],
      }),
    );
    expect(inputs.PutMetricData.MetricData).toEqual([{ MetricName: "m", Value: 1, Timestamp: new Date(0) }]);
  });
});

describe("REST over JSON", () => {
  test("an invocation's payload, headers and status", async () => {
    answers.Invoke = (input) => ({ StatusCode: 200, FunctionError: "Unhandled", Payload: input.Payload });
    const answer = await new LambdaClient(cloud.client).send(
      new InvokeCommand({
        FunctionName: "arn:aws:lambda:us-east-1:0:function:f",
        Payload: '{"a":1}',
        LogType: "Tail",
      }),
    );
    expect(inputs.Invoke).toMatchObject({
      FunctionName: "arn:aws:lambda:us-east-1:0:function:f",
      LogType: "Tail",
    });
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(answer.Payload?.transformToString()).toBe('{"a":1}');
  });

  test("errors name themselves in the header", async () => {
    answers.Invoke = () => {
      throw new AwsError("ResourceNotFoundException", "Function not found: f", { status: 404 });
    };
    await expect(
      new LambdaClient(cloud.client).send(new InvokeCommand({ FunctionName: "f" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException", message: "Function not found: f" });
  });
});

describe("query", () => {
  test("STS answers who is calling", async () => {
    const caller = await new STSClient(cloud.client).send(new GetCallerIdentityCommand({}));
    expect(caller).toMatchObject({ Account: "000000000000", Arn: "arn:aws:iam::000000000000:root" });
  });

  test("errors come with code and message", async () => {
    const assume = new AssumeRoleCommand({
      RoleArn: "arn:aws:iam::000000000000:role/Gone",
      RoleSessionName: "me",
    });
    await expect(new STSClient(cloud.client).send(assume)).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("no role"),
    });
  });

  test("older clients may post a form to the queue's own address", async () => {
    // Signed by the SDK's own middleware, with the body of an older client.
    const client = new SQSClient(cloud.client);
    client.middlewareStack.add(
      (next) => (args: any) => {
        const form =
          "Action=SendMessage&Version=2012-11-05&MessageBody=a%26b&MessageAttribute.1.Name=n" +
          "&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=v";
        delete args.request.headers["x-amz-target"];
        args.request.headers["content-type"] = "application/x-www-form-urlencoded";
        args.request.headers["content-length"] = String(form.length);
        args.request.path = "/000000000000/q";
        args.request.body = form;
        return next(args);
      },
      { step: "build", priority: "low" },
    );
    answers.SendMessage = () => ({ MessageId: "m<1>", MD5OfMessageBody: "x" });
    let raw = "";
    client.middlewareStack.add(
      (next) => async (args) => {
        const result: any = await next(args);
        raw = (await buffer(result.response.body)).toString();
        throw new Error("read");
      },
      { step: "deserialize", priority: "low" },
    );
    await expect(client.send(new SendMessageCommand({ QueueUrl: "x", MessageBody: "y" }))).rejects.toThrow(
      "read",
    );
    expect(inputs.SendMessage).toEqual({
      QueueUrl: `${cloud.endpoint}/000000000000/q`,
      MessageBody: "a&b",
      MessageAttributes: { n: { DataType: "String", StringValue: "v" } },
    });
    expect(raw).toContain("<SendMessageResult><MD5OfMessageBody>x</MD5OfMessageBody>");
    expect(raw).toContain("<MessageId>m&lt;1&gt;</MessageId></SendMessageResult>");
  });
});

describe("the connection", () => {
  const raw = (lines: string[], body: Buffer | string = "") =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(cloud.endpoint).port), "127.0.0.1");
      socket.write(`${[...lines, "host: x", "connection: close"].join("\r\n")}\r\n\r\n`);
      socket.write(body);
      text(socket).then(resolve, reject);
    });

  test("what nobody implements is refused by name, in the caller's protocol", async () => {
    expect(
      await raw(["POST / HTTP/1.1", "x-amz-target: Kinesis_20131202.PutRecord", "content-length: 2"], "{}"),
    ).toMatch(/501[^]*NotImplemented[^]*Kinesis_20131202.PutRecord/);
    expect(await raw(["GET /box?acl HTTP/1.1"])).toContain("AccessDenied");
    await expect(
      s3.send(new GetObjectCommand({ Bucket: "box", Key: "k", PartNumber: 1 })),
    ).resolves.toBeDefined();
  });

  test.each([
    ["a path that is no text", ["GET /box/%ff%fe%zz HTTP/1.1"]],
    ["an endless header value", [`GET /box/k HTTP/1.1`, `authorization: ${"a".repeat(9000)}`]],
    ["a broken authorization", ["GET /box/k HTTP/1.1", "authorization: AWS4-HMAC-SHA256 Credential="]],
    [
      "a bomb in gzip",
      [
        "POST / HTTP/1.1",
        "x-amz-target: AmazonSQS.SendMessage",
        "content-encoding: gzip",
        "content-length: 5",
      ],
    ],
  ])("%s is answered with a 4xx and the cloud lives on", async (_, lines) => {
    expect(await raw(lines, gzipSync(Buffer.alloc(10)).subarray(0, 5))).toMatch(/^HTTP\/1.1 4\d\d/);
    expect((await fetch(`${cloud.endpoint}/_cloud/health`)).status).toBe(200);
  });

  test("faults: an error after the work is retried by the SDK, and the work was done twice", async () => {
    let times = 0;
    answers.SendMessage = () => ({ MessageId: `${++times}` });
    cloud.faults.set([
      {
        point: "sqs:SendMessage",
        kind: "error",
        code: "InternalError",
        status: 500,
        when: "after",
        times: 1,
      },
    ]);
    await new SQSClient({ ...cloud.client, md5: false }).send(
      new SendMessageCommand({ QueueUrl: "q", MessageBody: "b" }),
    );
    expect(times).toBe(2);
  });

  test("faults: a reset breaks the connection", async () => {
    cloud.faults.set([{ point: "lambda:Invoke", kind: "reset" }]);
    const client = new LambdaClient({ ...cloud.client, maxAttempts: 1 });
    await expect(client.send(new InvokeCommand({ FunctionName: "f" }))).rejects.toThrow(
      /socket hang up|ECONNRESET/,
    );
    cloud.faults.set([]);
  });
});
