import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { sqs } from "./plugin.ts";
import { bodies, url, graph, queueCalls } from "./testing.ts";

let kernel: TestKernel;
const MINUTE = 60_000;
const { call, send, receive, remove, counts } = queueCalls(() => kernel);

beforeEach(async () => {
  kernel = await testKernel({ plugins: [sqs], graph });
});
afterEach(() => kernel.dispose());

describe("a standard queue", () => {
  test("hides a received message until its visibility timeout ends", async () => {
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

  test("deletes a message only by the handle of its last receive", async () => {
    await send("work", "one");
    const [first] = await receive("work");
    await kernel.clock.advance(MINUTE);
    const [second] = await receive("work");
    await remove("work", first);
    expect(await counts("work")).toEqual([0, 1, 0]);
    await remove("work", second);
    expect(await counts("work")).toEqual([0, 0, 0]);
  });

  test("rejects the handle of another queue", async () => {
    await send("dead", "one");
    const [message] = await receive("dead");
    await expect(remove("work", message)).rejects.toMatchObject({ code: "ReceiptHandleIsInvalid" });
    await expect(remove("work", { ReceiptHandle: "rubbish" })).rejects.toThrow(/not a valid receipt/);
  });

  test("hides a delayed message", async () => {
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

  test("keeps its messages over a restart", async () => {
    await send("work", "kept");
    kernel = await kernel.restart();
    expect(bodies(await receive("work"))).toEqual(["kept"]);
  });

  test("delivers twice or late by a fault rule", async () => {
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

describe("a FIFO queue", () => {
  const put = (MessageGroupId: string, body: string) => send("Line.fifo", body, { MessageGroupId });
  const take = (more: object = {}) => receive("Line.fifo", more);

  test("keeps the order in a group, and blocks it while a message is in flight", async () => {
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

  test("requires a group, and rejects a delay of one message", async () => {
    await expect(send("Line.fifo", "x")).rejects.toMatchObject({ code: "MissingParameter" });
    await expect(send("Line.fifo", "x", { MessageGroupId: "a", DelaySeconds: 1 })).rejects.toThrow(
      /not valid for this queue type/,
    );
  });
});

describe("batches and limits", () => {
  test("each entry of a batch succeeds or fails separately", async () => {
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
  ])("rejects a batch with %s", async (code, ids) => {
    const Entries = ids.map((Id) => ({ Id, MessageBody: "x" }));
    await expect(call("SendMessageBatch", { QueueUrl: url("work"), Entries })).rejects.toMatchObject({
      code,
    });
  });

  test("rejects messages that are too large or not text", async () => {
    await expect(send("work", "x".repeat(262_145))).rejects.toThrow(/shorter than 262144/);
    await expect(send("work", "\u0000")).rejects.toMatchObject({ code: "InvalidMessageContents" });
    const Entries = ["a", "b"].map((Id) => ({ Id, MessageBody: "x".repeat(200_000) }));
    await expect(call("SendMessageBatch", { QueueUrl: url("work"), Entries })).rejects.toMatchObject({
      code: "BatchRequestTooLong",
    });
  });

  test("returns attributes of every type with SQS's digest", async () => {
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
