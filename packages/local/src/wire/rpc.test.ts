import { buffer } from "node:stream/consumers";
import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, test } from "vitest";
import { AwsError } from "../kernel/error.ts";
import { stubServices } from "./testing.ts";
import { expectErrorLog } from "../../../../test/support/error-log.ts";

const stubs = stubServices();

describe("JSON", () => {
  const dynamodb = () => new DynamoDBClient(stubs.cloud.client);

  test("binary values, numbers and nesting are unchanged in both directions", async () => {
    const Item = {
      pk: { S: "é" },
      n: { N: "12345678901234567890" },
      b: { B: new Uint8Array([0, 255]) },
      m: { M: {} },
    };
    stubs.handlers.PutItem = (input) => ({ Attributes: input.Item });
    const { Attributes } = await dynamodb().send(new PutItemCommand({ TableName: "t", Item }));
    expect(Attributes).toEqual(Item);
  });

  test("a modeled error contains its members", async () => {
    stubs.handlers.PutItem = () => {
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

  test("an internal error is a 500 without its cause, which is logged", async () => {
    expectErrorLog(/secret path/);
    stubs.handlers.GetItem = () => {
      throw new Error("secret path");
    };
    const client = new DynamoDBClient({ ...stubs.cloud.client, maxAttempts: 1 });
    const failing = client.send(new GetItemCommand({ TableName: "t", Key: {} }));
    await expect(failing).rejects.toMatchObject({
      name: "InternalServerError",
      $metadata: { httpStatusCode: 500 },
    });
    await expect(failing).rejects.not.toThrow(/secret/);
    expect(stubs.cloud.problems.splice(0)).toEqual([expect.stringContaining("secret path")]);
  });

  test.each([
    ["not JSON", "{nope", /not valid JSON/],
    ["not an object", "[]", /must be a JSON object/],
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
    ["with an invalid set", '{"Key":{"a":{"NS":["1",2]}}}', /\(at Key\.a\.NS\[1\]\)/],
  ])("a body that is %s is rejected", async (_, body, message) => {
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
    expect(stubs.inputs.GetItem).toBeUndefined();
  });

  test("query-compatible services send the old code too", async () => {
    stubs.handlers.GetQueueUrl = () => {
      throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
    };
    const sqs = new SQSClient(stubs.cloud.client);
    const error = await sqs.send(new GetQueueUrlCommand({ QueueName: "q" })).catch((thrown) => thrown);
    expect(error).toMatchObject({
      name: "QueueDoesNotExist",
      Code: "AWS.SimpleQueueService.NonExistentQueue",
    });
  });

  test("a gzipped body is read", async () => {
    await new CloudWatchClient({ ...stubs.cloud.client, requestMinCompressionSizeBytes: 0 }).send(
      new PutMetricDataCommand({
        Namespace: "n",
        MetricData: [{ MetricName: "m", Value: 1, Timestamp: new Date(0) }],
      }),
    );
    expect(stubs.inputs.PutMetricData.MetricData).toEqual([
      { MetricName: "m", Value: 1, Timestamp: new Date(0) },
    ]);
  });
});

describe("REST over JSON", () => {
  test("an invocation's payload, headers and status", async () => {
    stubs.handlers.Invoke = (input) => ({
      StatusCode: 200,
      FunctionError: "Unhandled",
      Payload: input.Payload,
    });
    const answer = await new LambdaClient(stubs.cloud.client).send(
      new InvokeCommand({
        FunctionName: "arn:aws:lambda:us-east-1:0:function:f",
        Payload: '{"a":1}',
        LogType: "Tail",
      }),
    );
    expect(stubs.inputs.Invoke).toMatchObject({
      FunctionName: "arn:aws:lambda:us-east-1:0:function:f",
      LogType: "Tail",
    });
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(answer.Payload?.transformToString()).toBe('{"a":1}');
  });

  test("errors name themselves in the header", async () => {
    stubs.handlers.Invoke = () => {
      throw new AwsError("ResourceNotFoundException", "Function not found: f", { status: 404 });
    };
    await expect(
      new LambdaClient(stubs.cloud.client).send(new InvokeCommand({ FunctionName: "f" })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException", message: "Function not found: f" });
  });
});

describe("query", () => {
  test("GetCallerIdentity returns the caller", async () => {
    const caller = await new STSClient(stubs.cloud.client).send(new GetCallerIdentityCommand({}));
    expect(caller).toMatchObject({ Account: "000000000000", Arn: "arn:aws:iam::000000000000:root" });
  });

  test("errors contain code and message", async () => {
    const assume = new AssumeRoleCommand({
      RoleArn: "arn:aws:iam::000000000000:role/Gone",
      RoleSessionName: "me",
    });
    await expect(new STSClient(stubs.cloud.client).send(assume)).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining("no role"),
    });
  });

  test("older clients may post a form to the queue's URL", async () => {
    // Signed by the SDK's own middleware, with the body of an older client.
    const client = new SQSClient(stubs.cloud.client);
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
    stubs.handlers.SendMessage = () => ({ MessageId: "m<1>", MD5OfMessageBody: "x" });
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
    expect(stubs.inputs.SendMessage).toEqual({
      QueueUrl: `${stubs.cloud.endpoint}/000000000000/q`,
      MessageBody: "a&b",
      MessageAttributes: { n: { DataType: "String", StringValue: "v" } },
    });
    expect(raw).toContain("<SendMessageResult><MD5OfMessageBody>x</MD5OfMessageBody>");
    expect(raw).toContain("<MessageId>m&lt;1&gt;</MessageId></SendMessageResult>");
  });
});
