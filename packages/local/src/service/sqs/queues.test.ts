import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Call } from "../../kernel/service.ts";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { sqs } from "./plugin.ts";
import { arn, bodies, url, graph, queueCalls } from "./testing.ts";

let kernel: TestKernel;
const MINUTE = 60_000;
const { call, send, receive, counts } = queueCalls(() => kernel);

beforeEach(async () => {
  kernel = await testKernel({ plugins: [sqs], graph });
});
afterEach(() => kernel.dispose());

describe("long polling", () => {
  test("returns as soon as a message arrives", async () => {
    const waiting = receive("work", { WaitTimeSeconds: 20 });
    await send("work", "here");
    expect(bodies(await waiting)).toEqual(["here"]);
  });

  test("returns when a message becomes visible again", async () => {
    await send("work", "one");
    await receive("work", { VisibilityTimeout: 5 });
    const waiting = receive("work", { WaitTimeSeconds: 20 });
    await kernel.clock.advance(5000);
    expect(bodies(await waiting)).toEqual(["one"]);
  });

  test("returns no message after the wait time", async () => {
    const waiting = receive("work", { WaitTimeSeconds: 20 });
    await kernel.clock.advance(20_000);
    expect(await waiting).toEqual([]);
  });

  test("receives nothing for a caller that disconnected", async () => {
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

  test("a move task sends them back as new messages", async () => {
    await kill("poison");
    await call("StartMessageMoveTask", { SourceArn: arn("dead") });
    await kernel.clock.advance(0);
    const [back] = await receive("work");
    expect(back).toMatchObject({ Body: "poison", Attributes: { ApproximateReceiveCount: "1" } });
    const { Results } = await call("ListMessageMoveTasks", { SourceArn: arn("dead") });
    expect(Results).toMatchObject([{ Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1 }]);
  });

  test("a move task with a rate continues after a restart, and can be canceled", async () => {
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

describe("queues", () => {
  test("with invalid declarations fail the start with their name", async () => {
    const inputs = { name: "slow", delaySeconds: 901 };
    const resources = [{ name: "Slow", type: "aws:sqs/queue:Queue", inputs }];
    await expect(testKernel({ plugins: [sqs], graph: { resources } })).rejects.toThrow(
      "The queue slow: Invalid value for the parameter DelaySeconds.",
    );
  });

  test("creating one again returns it with the same attributes, and fails with others", async () => {
    const create = (VisibilityTimeout: string) =>
      call("CreateQueue", { QueueName: "new", Attributes: { VisibilityTimeout } });
    expect(await create("7")).toEqual({ QueueUrl: url("new") });
    expect(await create("7")).toEqual({ QueueUrl: url("new") });
    await expect(create("8")).rejects.toMatchObject({ code: "QueueNameExists" });
  });

  test("errors name a missing queue or attribute, or a wrong value", async () => {
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
