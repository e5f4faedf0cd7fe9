import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Call } from "../../kernel/service.ts";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { sqs } from "./plugin.ts";

let kernel: TestKernel;
const MINUTE = 60_000;
const url = (name: string) => `http://127.0.0.1:4710/000000000000/${name}`;
const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const call = (operation: string, input: object) => kernel.call("sqs", operation, input);
const send = (queue: string, MessageBody: string, more: object = {}) =>
  call("SendMessage", { QueueUrl: url(queue), MessageBody, ...more });
const receive = async (queue: string, more: object = {}): Promise<any[]> =>
  (
    await call("ReceiveMessage", {
      QueueUrl: url(queue),
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ["All"],
      ...more,
    })
  ).Messages ?? [];
const remove = (queue: string, { ReceiptHandle }: any) =>
  call("DeleteMessage", { QueueUrl: url(queue), ReceiptHandle });
const bodies = (messages: any[]) => messages.map((message) => message.Body);
const counts = async (queue: string) => {
  const { Attributes: found } = await call("GetQueueAttributes", {
    QueueUrl: url(queue),
    AttributeNames: ["All"],
  });
  return ["", "NotVisible", "Delayed"].map((kind) => Number(found[`ApproximateNumberOfMessages${kind}`]));
};

const graph = {
  resources: [
    {
      name: "Dead",
      type: "aws:sqs/queue:Queue",
      inputs: { name: "dead", messageRetentionSeconds: 1_209_600, contentBasedDeduplication: false },
    },
    {
      name: "Work",
      type: "aws:sqs/queue:Queue",
      inputs: {
        name: "work",
        visibilityTimeoutSeconds: 60,
        redrivePolicy: '{"deadLetterTargetArn":"${Dead.arn}","maxReceiveCount":2}',
      },
    },
    {
      name: "Line",
      type: "aws:sqs/queue:Queue",
      inputs: { fifoQueue: true, contentBasedDeduplication: true },
    },
  ],
};

beforeEach(async () => {
  kernel = await testKernel({ plugins: [sqs], graph });
});
afterEach(() => kernel.dispose());

describe("a standard queue", () => {
  test("hides a received message until its visibility ends, then gives it again", async () => {
    await send("work", "one");
    const [first] = await receive("work");
    expect(first).toMatchObject({ Body: "one", MD5OfBody: "f97c5d29941bfb1b2fdab0874906ab82" });
    expect(await receive("work")).toEqual([]);
    expect(await counts("work")).toEqual([0, 1, 0]);
    await kernel.clock.advance(MINUTE);
    const [again] = await receive("work");
    expect(again.MessageId).toBe(first.MessageId);
    expect(again.Attributes.ApproximateReceiveCount).toBe("2");
    expect(again.Attributes.ApproximateFirstReceiveTimestamp).toBe(
      first.Attributes.ApproximateFirstReceiveTimestamp,
    );
  });

  test("forgets a deleted message, and only by the handle of its last receive", async () => {
    await send("work", "one");
    const [first] = await receive("work");
    await kernel.clock.advance(MINUTE);
    const [second] = await receive("work");
    await remove("work", first);
    expect(await counts("work")).toEqual([0, 1, 0]);
    await remove("work", second);
    expect(await counts("work")).toEqual([0, 0, 0]);
  });

  test("refuses a handle that is not its own", async () => {
    await send("dead", "one");
    const [message] = await receive("dead");
    await expect(remove("work", message)).rejects.toMatchObject({ code: "ReceiptHandleIsInvalid" });
    await expect(remove("work", { ReceiptHandle: "rubbish" })).rejects.toThrow(/not a valid receipt/);
  });

  test("holds a delayed message back", async () => {
    await send("work", "later", { DelaySeconds: 30 });
    expect(await receive("work")).toEqual([]);
    expect(await counts("work")).toEqual([0, 0, 1]);
    await kernel.clock.advance(30_000);
    expect(bodies(await receive("work"))).toEqual(["later"]);
  });

  test("returns a message at once when its visibility is set to 0", async () => {
    await send("work", "one");
    const [{ ReceiptHandle }] = (await receive("work")) as [any];
    const change = { QueueUrl: url("work"), ReceiptHandle, VisibilityTimeout: 0 };
    await call("ChangeMessageVisibility", change);
    await expect(call("ChangeMessageVisibility", change)).rejects.toMatchObject({
      code: "MessageNotInflight",
    });
    expect(bodies(await receive("work"))).toEqual(["one"]);
  });

  test("drops messages at the end of their retention", async () => {
    await send("work", "old");
    await kernel.clock.advance(4 * 24 * 60 * MINUTE);
    expect(await receive("work")).toEqual([]);
    expect(await counts("work")).toEqual([0, 0, 0]);
  });

  test("keeps everything over a restart", async () => {
    await send("work", "kept");
    kernel = await kernel.restart();
    expect(bodies(await receive("work"))).toEqual(["kept"]);
  });

  test("delivers twice, or late, when the fault plan says so", async () => {
    kernel.faults.set([
      { point: "sqs:deliver", kind: "duplicate", times: 1 },
      { point: "sqs:deliver", kind: "delay", ms: 5000, times: 1 },
    ]);
    await send("work", "twice");
    await send("work", "late");
    const twice = await receive("work");
    expect(bodies(twice)).toEqual(["twice", "twice"]);
    expect(twice[0].MessageId).toBe(twice[1].MessageId);
    await kernel.clock.advance(5000);
    expect(bodies(await receive("work"))).toEqual(["late"]);
  });
});

describe("long polling", () => {
  test("answers as soon as a message comes", async () => {
    const waiting = receive("work", { WaitTimeSeconds: 20 });
    await send("work", "here");
    expect(bodies(await waiting)).toEqual(["here"]);
  });

  test("answers when a hidden message shows up again", async () => {
    await send("work", "one");
    await receive("work", { VisibilityTimeout: 5 });
    const waiting = receive("work", { WaitTimeSeconds: 20 });
    await kernel.clock.advance(5000);
    expect(bodies(await waiting)).toEqual(["one"]);
  });

  test("answers empty when the time is up", async () => {
    const waiting = receive("work", { WaitTimeSeconds: 20 });
    await kernel.clock.advance(20_000);
    expect(await waiting).toEqual([]);
  });

  test("takes nothing for a caller who went away", async () => {
    const gone = new AbortController();
    const waiting = kernel.perform("sqs", "ReceiveMessage", { QueueUrl: url("work"), WaitTimeSeconds: 20 }, {
      requestId: "1",
      principal: { kind: "root" },
      signal: gone.signal,
      headers: {},
    } satisfies Call);
    gone.abort();
    await send("work", "one");
    expect(await waiting).toEqual({});
    expect(await counts("work")).toEqual([1, 0, 0]);
  });

  test("ends when the cloud stops", async () => {
    const waiting = receive("work", { WaitTimeSeconds: 20 });
    await kernel.stop();
    expect(await waiting).toEqual([]);
  });
});

describe("dead letters", () => {
  const kill = async (body: string) => {
    await send("work", body);
    for (let receives = 0; receives < 3; receives++) {
      await receive("work");
      await kernel.clock.advance(MINUTE);
    }
  };

  test("a message received too often moves to the dead-letter queue with its source and count", async () => {
    await kill("poison");
    expect(await counts("work")).toEqual([0, 0, 0]);
    const [dead] = await receive("dead");
    expect(dead).toMatchObject({ Body: "poison", Attributes: { DeadLetterQueueSourceArn: arn("work") } });
  });

  test("a move task brings them back as new messages", async () => {
    await kill("poison");
    await call("StartMessageMoveTask", { SourceArn: arn("dead") });
    await kernel.clock.advance(0);
    const [back] = await receive("work");
    expect(back).toMatchObject({ Body: "poison", Attributes: { ApproximateReceiveCount: "1" } });
    const { Results } = await call("ListMessageMoveTasks", { SourceArn: arn("dead") });
    expect(Results).toMatchObject([{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 }]);
  });

  test("a slow move task keeps its rate, goes on after a restart, and can be cancelled", async () => {
    for (const body of ["a", "b", "c", "d"]) await send("dead", body);
    const { TaskHandle } = await call("StartMessageMoveTask", {
      SourceArn: arn("dead"),
      DestinationArn: arn("work"),
      MaxNumberOfMessagesPerSecond: 1,
    });
    await expect(call("StartMessageMoveTask", { SourceArn: arn("dead") })).rejects.toThrow(/already a task/);
    await kernel.clock.advance(1000);
    expect(await counts("work")).toEqual([2, 0, 0]);
    kernel = await kernel.restart();
    await kernel.clock.advance(0);
    expect(await counts("work")).toEqual([3, 0, 0]);
    expect(await call("CancelMessageMoveTask", { TaskHandle })).toEqual({
      ApproximateNumberOfMessagesMoved: 3,
    });
    await kernel.clock.advance(MINUTE);
    expect(await counts("dead")).toEqual([1, 0, 0]);
  });

  test("only a dead-letter queue can be the source of a move", async () => {
    await expect(call("StartMessageMoveTask", { SourceArn: arn("work") })).rejects.toThrow(
      /must be configured as a Dead Letter Queue/,
    );
  });
});

describe("a FIFO queue", () => {
  const put = (MessageGroupId: string, body: string) => send("Line.fifo", body, { MessageGroupId });
  const take = (more: object = {}) => receive("Line.fifo", more);

  test("keeps order inside a group and closes it while a message is worked on", async () => {
    for (const body of ["a1", "a2"]) await put("a", body);
    await put("b", "b1");
    const [first] = await take({ MaxNumberOfMessages: 1 });
    expect(first.Body).toBe("a1");
    expect(bodies(await take())).toEqual(["b1"]);
    await remove("Line.fifo", first);
    expect(bodies(await take())).toEqual(["a2"]);
  });

  test("drops a repeated message for five minutes", async () => {
    const first = await put("a", "same");
    expect((await put("a", "same")).MessageId).toBe(first.MessageId);
    expect(await counts("Line.fifo")).toEqual([1, 0, 0]);
    await kernel.clock.advance(5 * MINUTE);
    await put("a", "same");
    expect(await counts("Line.fifo")).toEqual([2, 0, 0]);
  });

  test("demands a group, and refuses a delay of one message", async () => {
    await expect(send("Line.fifo", "x")).rejects.toMatchObject({ code: "MissingParameter" });
    await expect(send("Line.fifo", "x", { MessageGroupId: "a", DelaySeconds: 1 })).rejects.toThrow(
      /not valid for this queue type/,
    );
  });
});

describe("batches and limits", () => {
  test("each entry of a batch stands for itself", async () => {
    const answer = await call("SendMessageBatch", {
      QueueUrl: url("work"),
      Entries: [
        { Id: "good", MessageBody: "x" },
        { Id: "bad", MessageBody: "x", DelaySeconds: 901 },
      ],
    });
    expect(answer.Successful).toMatchObject([{ Id: "good" }]);
    expect(answer.Failed).toMatchObject([{ Id: "bad", SenderFault: true, Code: "InvalidParameterValue" }]);
    expect(await counts("work")).toEqual([1, 0, 0]);
  });

  test.each([
    ["EmptyBatchRequest", []],
    ["BatchEntryIdsNotDistinct", ["a", "a"]],
    ["InvalidBatchEntryId", ["a b"]],
    ["TooManyEntriesInBatchRequest", [..."abcdefghijk"]],
  ])("answers %s", async (code, ids) => {
    const Entries = ids.map((Id) => ({ Id, MessageBody: "x" }));
    await expect(call("SendMessageBatch", { QueueUrl: url("work"), Entries })).rejects.toMatchObject({
      code,
    });
  });

  test("refuses what is too large, or not text", async () => {
    await expect(send("work", "x".repeat(262_145))).rejects.toThrow(/shorter than 262144/);
    await expect(send("work", "\u0000")).rejects.toMatchObject({ code: "InvalidMessageContents" });
    const Entries = ["a", "b"].map((Id) => ({ Id, MessageBody: "x".repeat(200_000) }));
    await expect(call("SendMessageBatch", { QueueUrl: url("work"), Entries })).rejects.toMatchObject({
      code: "BatchRequestTooLong",
    });
  });

  test("carries attributes of every kind with SQS's digest", async () => {
    const MessageAttributes = {
      text: { DataType: "String", StringValue: "hello" },
      bytes: { DataType: "Binary", BinaryValue: new Uint8Array([0, 255]) },
    };
    const sent = await send("work", "x", { MessageAttributes });
    const [message] = await receive("work", { MessageAttributeNames: ["All"] });
    expect(message.MessageAttributes).toEqual(MessageAttributes);
    expect(message.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  });
});

describe("queues", () => {
  test("the graph gets wrong stop the start with their name", async () => {
    const inputs = { name: "slow", delaySeconds: 901 };
    const resources = [{ name: "Slow", type: "aws:sqs/queue:Queue", inputs }];
    await expect(testKernel({ plugins: [sqs], graph: { resources } })).rejects.toThrow(
      "The queue slow: Invalid value for the parameter DelaySeconds.",
    );
  });

  test("creating one again with the same attributes answers it; with others refuses", async () => {
    const create = (VisibilityTimeout: string) =>
      call("CreateQueue", { QueueName: "new", Attributes: { VisibilityTimeout } });
    expect(await create("7")).toEqual({ QueueUrl: url("new") });
    expect(await create("7")).toEqual({ QueueUrl: url("new") });
    await expect(create("8")).rejects.toMatchObject({ code: "QueueNameExists" });
  });

  test("a missing queue, attribute or wrong value is named", async () => {
    await expect(receive("none")).rejects.toMatchObject({ code: "QueueDoesNotExist" });
    const set = (Attributes: object) => call("SetQueueAttributes", { QueueUrl: url("work"), Attributes });
    await expect(set({ Speed: "1" })).rejects.toThrow("Unknown Attribute Speed.");
    await expect(set({ DelaySeconds: "901" })).rejects.toThrow(/DelaySeconds/);
    await expect(
      set({ RedrivePolicy: `{"deadLetterTargetArn":"${arn("none")}","maxReceiveCount":1}` }),
    ).rejects.toThrow(/Dead letter target does not exist/);
  });

  test("lists, tags, purges and deletes", async () => {
    expect((await call("ListQueues", { QueueNamePrefix: "w" })).QueueUrls).toEqual([url("work")]);
    expect(await call("ListDeadLetterSourceQueues", { QueueUrl: url("dead") })).toEqual({
      queueUrls: [url("work")],
    });
    await call("TagQueue", { QueueUrl: url("work"), Tags: { a: "1", b: "2" } });
    await call("UntagQueue", { QueueUrl: url("work"), TagKeys: ["a"] });
    expect(await call("ListQueueTags", { QueueUrl: url("work") })).toEqual({ Tags: { b: "2" } });
    await send("work", "x");
    await call("PurgeQueue", { QueueUrl: url("work") });
    expect(await counts("work")).toEqual([0, 0, 0]);
    await expect(call("PurgeQueue", { QueueUrl: url("work") })).rejects.toMatchObject({
      code: "PurgeQueueInProgress",
    });
    await call("DeleteQueue", { QueueUrl: url("work") });
    await expect(send("work", "x")).rejects.toMatchObject({ code: "QueueDoesNotExist" });
  });
});
