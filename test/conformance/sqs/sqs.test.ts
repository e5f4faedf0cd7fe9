// What every client sees of a queue.
import { text } from "node:stream/consumers";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manualClock, type ManualClock } from "../../../packages/local/src/kernel/clock.ts";
import { testCloud, type TestCloud } from "../../../packages/local/src/kernel/testing-cloud.ts";
import { sqs } from "../../../packages/local/src/service/sqs/plugin.ts";
import { absence, CLIENTS, type Client, openClient } from "../clients.ts";

const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;

describe.each(CLIENTS.map((name) => ({ name, skipped: absence(name) })))(
  "SQS by $name",
  ({ name, skipped }) => {
    let cloud: TestCloud;
    let clock: ManualClock;
    let client: Client;
    let QueueUrl: string;
    const call = (operation: string, input: object = {}) => client.call(operation, { QueueUrl, ...input });
    const receive = async (input: object = {}) =>
      (await call("ReceiveMessage", { MaxNumberOfMessages: 10, ...input })).Messages ?? [];

    beforeAll(async () => {
      if (skipped) return;
      clock = manualClock(Date.now());
      cloud = await testCloud({ plugins: [sqs], clock });
      client = openClient(name, "sqs", cloud);
      await client.call("CreateQueue", { QueueName: "dead" });
      const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn("dead"), maxReceiveCount: 1 });
      ({ QueueUrl } = await client.call("CreateQueue", { QueueName: "work", Attributes: { RedrivePolicy } }));
    });
    afterAll(async () => {
      client?.close();
      await cloud?.dispose();
    });

    test.skipIf(skipped)(
      "a message passes through a queue, with attributes whose digests the client checks",
      async () => {
        expect(QueueUrl).toBe(`${cloud.endpoint}/000000000000/work`);
        const MessageAttributes = {
          text: { DataType: "String", StringValue: "grüße <&>" },
          count: { DataType: "Number", StringValue: "42" },
        };
        const sent = await call("SendMessage", { MessageBody: "hello ☀ <&>", MessageAttributes });
        const [message] = await receive({ MessageAttributeNames: ["All"], AttributeNames: ["All"] });
        expect(message).toMatchObject({ MessageId: sent.MessageId, Body: "hello ☀ <&>", MessageAttributes });
        expect(message.Attributes).toMatchObject({ ApproximateReceiveCount: "1", SenderId: "000000000000" });
        const { ReceiptHandle } = message;
        await call("ChangeMessageVisibility", { ReceiptHandle, VisibilityTimeout: 0 });
        await call("DeleteMessage", { ReceiptHandle });
        expect(await receive()).toEqual([]);
      },
    );

    test.skipIf(skipped)("errors have the codes that clients expect", async () => {
      const code = (promise: Promise<unknown>) =>
        promise.then(
          () => "none",
          (error) => error.code,
        );
      const missing = client.call("GetQueueUrl", { QueueName: "none" });
      expect(await code(missing)).toMatch(/^QueueDoesNotExist$|^AWS.SimpleQueueService.NonExistentQueue$/);
      expect(await code(call("DeleteMessage", { ReceiptHandle: "rubbish" }))).toBe("ReceiptHandleIsInvalid");
      expect(await code(call("SendMessage", { MessageBody: "x", DelaySeconds: 901 }))).toMatch(
        /^InvalidParameterValue/,
      );
      expect(await code(call("SetQueueAttributes", { Attributes: { Speed: "1" } }))).toBe(
        "InvalidAttributeName",
      );
    });

    // Each call of the CLI starts a Python of its own, over the same botocore as boto3: the first tests must do.
    if (name === "aws CLI") return;
    test.skipIf(skipped)("batches have a result for each entry", async () => {
      const sent = await call("SendMessageBatch", {
        Entries: [
          { Id: "a", MessageBody: "1" },
          { Id: "b", MessageBody: "2", DelaySeconds: 901 },
        ],
      });
      expect(sent.Successful).toMatchObject([{ Id: "a" }]);
      expect(sent.Failed).toMatchObject([{ Id: "b", SenderFault: true, Code: "InvalidParameterValue" }]);
      const Entries = (await receive()).map(({ ReceiptHandle }: any, index: number) => ({
        Id: String(index),
        ReceiptHandle,
      }));
      expect((await call("DeleteMessageBatch", { Entries })).Successful).toEqual([{ Id: "0" }]);
    });

    test.skipIf(skipped)("a message moves to the dead-letter queue, and a move task returns it", async () => {
      await call("SendMessage", { MessageBody: "poison" });
      await receive();
      await clock.advance(30_000);
      expect(await receive()).toEqual([]);
      const { Attributes } = await client.call("GetQueueAttributes", {
        QueueUrl: QueueUrl.replace(/work$/, "dead"),
        AttributeNames: ["ApproximateNumberOfMessages", "QueueArn"],
      });
      expect(Attributes).toEqual({ ApproximateNumberOfMessages: "1", QueueArn: arn("dead") });
      await client.call("StartMessageMoveTask", { SourceArn: arn("dead") });
      await clock.advance(1000);
      const { Results } = await client.call("ListMessageMoveTasks", { SourceArn: arn("dead") });
      expect(Results).toMatchObject([{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 }]);
      expect(await receive()).toMatchObject([{ Body: "poison" }]);
    });

    test.skipIf(skipped)("a long poll returns as soon as a message arrives", async () => {
      const waiting = receive({ WaitTimeSeconds: 20 });
      await cloud.kernel.call("sqs", "SendMessage", { QueueUrl, MessageBody: "here" }, { kind: "root" });
      expect(await waiting).toMatchObject([{ Body: "here" }]);
    });
  },
);

describe("SQS by the query protocol of older clients", () => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await testCloud({ plugins: [sqs] });
  });
  afterAll(() => cloud.dispose());

  /** Signed by the SDK's own middleware, with the form that an older client sends. */
  const post = async (path: string, fields: Record<string, string>): Promise<string> => {
    const client = new SQSClient(cloud.client);
    const form = new URLSearchParams({ Version: "2012-11-05", ...fields }).toString();
    let raw = "";
    client.middlewareStack.add(
      (next) => (args: any) => {
        delete args.request.headers["x-amz-target"];
        args.request.headers["content-type"] = "application/x-www-form-urlencoded";
        args.request.headers["content-length"] = String(form.length);
        return next({ ...args, request: Object.assign(args.request, { path, body: form }) });
      },
      { step: "build", priority: "low" },
    );
    client.middlewareStack.add(
      (next) => async (args) => {
        const { response } = (await next(args)) as any;
        raw = `${response.statusCode} ${await text(response.body)}`;
        throw new Error("read");
      },
      { step: "deserialize", priority: "low" },
    );
    await expect(client.send(new ListQueuesCommand({}))).rejects.toThrow("read");
    client.destroy();
    return raw;
  };

  test("creates queues, sends and receives at the queue's path, and returns errors in XML", async () => {
    const made = await post("/", { Action: "CreateQueue", QueueName: "old" });
    expect(made).toContain(`<QueueUrl>${cloud.endpoint}/000000000000/old</QueueUrl>`);
    await post("/000000000000/old", { Action: "SendMessage", MessageBody: "a < b" });
    const got = await post("/000000000000/old", { Action: "ReceiveMessage", MaxNumberOfMessages: "10" });
    expect(got).toContain("<Body>a &lt; b</Body>");
    const refused = await post("/", { Action: "GetQueueUrl", QueueName: "none" });
    expect(refused).toMatch(/^400 .*<Code>AWS.SimpleQueueService.NonExistentQueue<\/Code>/s);
  });
});
