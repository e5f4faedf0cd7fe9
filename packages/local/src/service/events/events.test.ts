import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { sqs } from "../sqs/plugin.ts";
import { events } from "./plugin.ts";

let kernel: TestKernel;
const MINUTE = 60_000;
const BUS = "arn:aws:events:us-east-1:000000000000:event-bus/";
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:Resize";
const MISSING = "arn:aws:lambda:us-east-1:000000000000:function:missing";
const queueUrl = (name: string) => `http://127.0.0.1:4710/000000000000/${name}`;
const call = (operation: string, input: object = {}) => kernel.call("events", operation, input);
const received = async (queue: string): Promise<any[]> => {
  await kernel.clock.advance(0);
  const { Messages = [] } = await kernel.call("sqs", "ReceiveMessage", {
    QueueUrl: queueUrl(queue),
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ["All"],
  });
  return Messages;
};
const payloads = () => kernel.deliveries.map(({ delivery }) => delivery.payload);
const upload = (key: string) =>
  kernel.publish({
    source: "aws.s3",
    detailType: "Object Created",
    resources: ["arn:aws:s3:::uploads"],
    detail: { bucket: { name: "uploads" }, object: { key } },
  });
const put = (entry: object) =>
  call("PutEvents", { Entries: [{ Source: "app", DetailType: "done", Detail: '{"n":1}', ...entry }] });

const resource = (name: string, type: string, inputs: object) => ({
  name,
  type: `aws:${type}`,
  inputs: inputs as Record<string, unknown>,
});
const graph = {
  resources: [
    resource("Cats", "sqs/queue:Queue", { name: "cats" }),
    resource("Undeliverable", "sqs/queue:Queue", { name: "undeliverable" }),
    resource("App", "cloudwatch/eventBus:EventBus", { name: "app" }),
    resource("CatsUploads", "cloudwatch/eventRule:EventRule", {
      eventPattern: JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { object: { key: [{ prefix: "uploads/cats/" }] } },
      }),
    }),
    resource("CatsUploadsTarget", "cloudwatch/eventTarget:EventTarget", {
      rule: "${CatsUploads.name}",
      arn: "${Cats.arn}",
      deadLetterConfig: { arn: "${Undeliverable.arn}" },
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
    }),
    resource("Every", "cloudwatch/eventRule:EventRule", { scheduleExpression: "rate(5 minutes)" }),
    resource("EveryTarget", "cloudwatch/eventTarget:EventTarget", { rule: "${Every.name}", arn: FUNCTION }),
  ],
};

beforeEach(async () => {
  kernel = await testKernel({ plugins: [sqs, events], graph });
});
afterEach(() => kernel.dispose());

/** A rule on everything from "app", with one target. */
async function watch(target: object, bus = "default") {
  await call("PutRule", { Name: "Watch", EventBusName: bus, EventPattern: '{"source":["app"]}' });
  const Targets = [{ Id: "one", Arn: FUNCTION, ...target }];
  return call("PutTargets", { Rule: "Watch", EventBusName: bus, Targets });
}

describe("an event of a service", () => {
  test("reaches the queue of every rule it matches, whole and raw", async () => {
    upload("uploads/cats/a b+ü.jpg");
    upload("uploads/dogs/rex.jpg");
    const [message, ...more] = await received("cats");
    expect(more).toEqual([]);
    expect(JSON.parse(message.Body)).toMatchObject({
      version: "0",
      source: "aws.s3",
      "detail-type": "Object Created",
      account: "000000000000",
      region: "us-east-1",
      time: "2026-01-01T00:00:00Z",
      resources: ["arn:aws:s3:::uploads"],
      detail: { object: { key: "uploads/cats/a b+ü.jpg" } },
    });
  });

  test("is on its way as soon as its cause is on disk, and not before", async () => {
    const failing = () =>
      kernel.store.tx(() => {
        upload("uploads/cats/never.jpg");
        throw new Error("no such object after all");
      });
    expect(failing).toThrow("after all");
    expect(await received("cats")).toEqual([]);
    upload("uploads/cats/kept.jpg");
    // Stopped before anything was delivered.
    kernel = await kernel.restart();
    expect(await received("cats")).toHaveLength(1);
  });

  test("comes twice, or late, when the fault plan says so", async () => {
    kernel.faults.set([
      { point: "events:deliver", kind: "duplicate", times: 1 },
      { point: "events:deliver", kind: "delay", ms: 5000, times: 1 },
      { point: "events:deliver", kind: "error", code: "Lost", when: "after", times: 1 },
    ]);
    upload("uploads/cats/twice.jpg");
    expect(await received("cats")).toHaveLength(2);
    upload("uploads/cats/late.jpg");
    expect(await received("cats")).toEqual([]);
    await kernel.clock.advance(5000);
    expect(await received("cats")).toHaveLength(1);
    upload("uploads/cats/reply-lost.jpg");
    expect(await received("cats")).toHaveLength(2);
  });
});

describe("a target that does not take an event", () => {
  const deadLetter = async () => {
    const [message] = await received("undeliverable");
    return Object.fromEntries(
      Object.entries<any>(message.MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
    );
  };

  test("is tried again with growing pauses until it does", async () => {
    kernel.faults.set([
      { point: "events:deliver", kind: "error", code: "ServiceUnavailable", status: 503, times: 1 },
    ]);
    upload("uploads/cats/a.jpg");
    expect(await received("cats")).toEqual([]);
    await kernel.clock.advance(1000);
    expect(await received("cats")).toHaveLength(1);
  });

  test("that is gone has its events moved to the dead-letter queue at once, with the reason", async () => {
    await kernel.call("sqs", "DeleteQueue", { QueueUrl: queueUrl("cats") });
    upload("uploads/cats/a.jpg");
    expect(await deadLetter()).toEqual({
      RULE_ARN: "arn:aws:events:us-east-1:000000000000:rule/CatsUploads",
      TARGET_ARN: "arn:aws:sqs:us-east-1:000000000000:cats",
      ERROR_CODE: "NO_RESOURCE",
      ERROR_MESSAGE: "The specified queue does not exist.",
      RETRY_ATTEMPTS: "0",
    });
  });

  test.each([
    ["MaximumRetryAttempts", { maximumRetryAttempts: 2 }, "2"],
    ["MaximumEventAgeInSeconds", { maximumEventAgeInSeconds: 60 }, undefined],
  ])("is given up by %s", async (condition, retryPolicy, retries) => {
    await kernel.dispose();
    const busy = {
      name: "busy",
      arns: ["lambda"],
      resources: {},
      start: () => ({
        operations: {},
        access: () => [],
        accept() {
          throw Object.assign(new Error("busy"), { code: "Busy" });
        },
      }),
    };
    const target = resource("Busy", "cloudwatch/eventTarget:EventTarget", {
      rule: "CatsUploads",
      arn: FUNCTION,
      deadLetterConfig: { arn: "${Undeliverable.arn}" },
      retryPolicy,
    });
    kernel = await testKernel({
      plugins: [sqs, busy, events],
      graph: { resources: [...graph.resources.filter(({ name }) => name !== "EveryTarget"), target] },
    });
    upload("uploads/cats/a.jpg");
    await kernel.clock.advance(2 * MINUTE);
    const attributes = await deadLetter();
    expect(attributes).toMatchObject({ EXHAUSTED_RETRY_CONDITION: condition, ERROR_CODE: "INTERNAL_ERROR" });
    if (retries) expect(attributes.RETRY_ATTEMPTS).toBe(retries);
  });

  test("and has no dead-letter queue is told to the operator", async () => {
    await watch({ Arn: MISSING });
    await put({});
    await kernel.clock.advance(0);
    expect(kernel.logs).toMatchObject([{ level: "warn", about: { target: MISSING, code: "NO_RESOURCE" } }]);
  });
});

describe("PutEvents", () => {
  test("takes the good entries and names what is wrong with the others", async () => {
    await watch({});
    const good = { Source: "app", DetailType: "done", Detail: "{}" };
    const answer = await call("PutEvents", {
      Entries: [
        good,
        { ...good, Detail: "nonsense" },
        { ...good, Source: "aws.s3" },
        { ...good, DetailType: "" },
      ],
    });
    expect(answer.FailedEntryCount).toBe(3);
    expect(answer.Entries.map((entry: any) => entry.ErrorCode)).toEqual([
      undefined,
      "MalformedDetail",
      "NotAuthorizedForSourceException",
      "InvalidArgument",
    ]);
    await kernel.clock.advance(0);
    expect(payloads().map((text) => JSON.parse(text).id)).toEqual([answer.Entries[0].EventId]);
  });

  test("refuses too many entries and too many bytes", async () => {
    const entry = { Source: "app", DetailType: "done", Detail: "{}" };
    const over = call("PutEvents", { Entries: Array.from({ length: 11 }, () => entry) });
    await expect(over).rejects.toMatchObject({ code: "ValidationException" });
    await expect(put({ Detail: JSON.stringify({ text: "x".repeat(262_144) }) })).rejects.toThrow(
      /over the limit/,
    );
  });

  test("keeps the buses apart, and passes events from one to another", async () => {
    await watch({}, "app");
    await put({});
    await kernel.clock.advance(0);
    expect(payloads()).toEqual([]);
    await call("PutRule", { Name: "Pass", EventPattern: '{"source":["app"]}' });
    await call("PutTargets", { Rule: "Pass", Targets: [{ Id: "bus", Arn: `${BUS}app` }] });
    const { Entries } = await put({});
    await kernel.clock.advance(0);
    expect(payloads().map((text) => JSON.parse(text).id)).toEqual([Entries[0].EventId]);
  });

  test("to a bus that does not exist is taken as on AWS, and told to the operator", async () => {
    expect(await put({ EventBusName: "nowhere" })).toMatchObject({ FailedEntryCount: 0 });
    expect(kernel.logs).toMatchObject([{ level: "warn", message: expect.stringContaining("nowhere") }]);
  });
});

describe("what a target receives", () => {
  test.each([
    ["a constant", { Input: '{"fixed":true}' }, '{"fixed":true}'],
    ["a part", { InputPath: "$.detail.who" }, '{"name":"Ada \\"A\\" Lovelace"}'],
    [
      "a template of JSON",
      {
        InputTransformer: {
          InputPathsMap: { who: "$.detail.who.name", n: "$.detail.list[1]", kind: "$.detail-type" },
          InputTemplate:
            '{"who": <who>, "text": "<kind>: <who> has <n>", "n": <n>, "rule": <aws.events.rule-name>}',
        },
      },
      '{"who": "Ada \\"A\\" Lovelace", "text": "done: Ada \\"A\\" Lovelace has 2", "n": 2, "rule": "Watch"}',
    ],
  ])("is %s", async (_name, target, expected) => {
    await watch(target);
    await put({ Detail: JSON.stringify({ who: { name: 'Ada "A" Lovelace' }, list: [1, 2] }) });
    await kernel.clock.advance(0);
    expect(payloads()).toEqual([expected]);
    expect(kernel.deliveries[0]?.delivery.source).toEqual({
      service: "events.amazonaws.com",
      arn: "arn:aws:events:us-east-1:000000000000:rule/Watch",
    });
  });

  test("is checked when the target is put", async () => {
    await expect(watch({ Input: "{}", InputPath: "$" })).rejects.toThrow(/Only one of/);
    await expect(watch({ InputPath: "detail" })).rejects.toThrow(/JSONPath/);
    await expect(watch({ KinesisParameters: {} })).rejects.toThrow(/does not implement.*KinesisParameters/);
    await expect(watch({ InputTransformer: { InputTemplate: "<who>" } })).rejects.toThrow(/<who>/);
  });
});

describe("a schedule", () => {
  test("fires on its beat, over restarts, until it is disabled", async () => {
    await kernel.clock.advance(11 * MINUTE);
    expect(payloads().map((text) => JSON.parse(text))).toMatchObject([
      { "detail-type": "Scheduled Event", source: "aws.events", time: "2026-01-01T00:05:00Z", detail: {} },
      { time: "2026-01-01T00:10:00Z" },
    ]);
    kernel = await kernel.restart();
    await kernel.clock.advance(4 * MINUTE);
    expect(payloads()).toHaveLength(1);
    await call("DisableRule", { Name: "Every" });
    await kernel.clock.advance(60 * MINUTE);
    expect(payloads()).toHaveLength(1);
  });
});

describe("rules by calls", () => {
  test("are made, listed, disabled and deleted", async () => {
    await watch({});
    expect(await call("DescribeRule", { Name: "Watch" })).toMatchObject({
      State: "ENABLED",
      EventPattern: '{"source":["app"]}',
      EventBusName: "default",
    });
    expect((await call("ListRules", { NamePrefix: "W" })).Rules).toHaveLength(1);
    expect(await call("ListRuleNamesByTarget", { TargetArn: FUNCTION })).toMatchObject({
      RuleNames: ["Every", "Watch"],
    });
    await call("DisableRule", { Name: "Watch" });
    await put({});
    await kernel.clock.advance(0);
    expect(payloads()).toEqual([]);
    await expect(call("DeleteRule", { Name: "Watch" })).rejects.toThrow(/has targets/);
    expect(await call("RemoveTargets", { Rule: "Watch", Ids: ["one", "two"] })).toMatchObject({
      FailedEntryCount: 1,
      FailedEntries: [{ TargetId: "two" }],
    });
    await call("DeleteRule", { Name: "Watch" });
    await expect(call("DescribeRule", { Name: "Watch" })).rejects.toMatchObject({
      code: "ResourceNotFoundException",
    });
  });

  test("with a pattern that AWS would refuse are refused with the reason", async () => {
    const rule = call("PutRule", { Name: "Bad", EventPattern: '{"source":"app"}' });
    await expect(rule).rejects.toMatchObject({
      code: "InvalidEventPatternException",
      message: 'Event pattern is not valid. Reason: "source" must be an object or an array',
    });
    const test = call("TestEventPattern", { EventPattern: '{"source":["app"]}', Event: '{"source":"app"}' });
    expect(await test).toEqual({ Result: true });
  });

  test("carry tags, and page by Limit", async () => {
    const { RuleArn: ResourceARN } = await call("PutRule", {
      Name: "Tagged",
      EventPattern: '{"source":["app"]}',
      Tags: [{ Key: "a", Value: "1" }],
    });
    await call("TagResource", { ResourceARN, Tags: [{ Key: "b", Value: "2" }] });
    await call("UntagResource", { ResourceARN, TagKeys: ["a"] });
    expect(await call("ListTagsForResource", { ResourceARN })).toEqual({ Tags: [{ Key: "b", Value: "2" }] });
    const first = await call("ListRules", { Limit: 2 });
    const second = await call("ListRules", { Limit: 2, NextToken: first.NextToken });
    const names = [...first.Rules, ...second.Rules].map((rule: any) => rule.Name);
    expect(names).toEqual(["CatsUploads", "Every", "Tagged"]);
    expect(second.NextToken).toBeUndefined();
  });

  test("outlive a restart, and those of the graph go when the graph no longer has them", async () => {
    await watch({});
    const { clock } = kernel;
    const dir = kernel.dir(".");
    await kernel.stop();
    kernel.store.close();
    const smaller = await testKernel({ plugins: [sqs, events], clock, dir });
    const { Rules } = await smaller.call("events", "ListRules", {});
    await smaller.stop();
    smaller.store.close();
    expect(Rules.map((rule: any) => rule.Name)).toEqual(["Watch"]);
    kernel = await testKernel({ plugins: [sqs, events], graph, clock, dir });
    expect((await call("ListRules")).Rules).toHaveLength(3);
  });
});

test("buses are made, described, and not deleted while they have rules", async () => {
  expect(await call("CreateEventBus", { Name: "new" })).toMatchObject({ EventBusArn: `${BUS}new` });
  await expect(call("CreateEventBus", { Name: "new" })).rejects.toMatchObject({
    code: "ResourceAlreadyExistsException",
  });
  expect((await call("ListEventBuses")).EventBuses.map((bus: any) => bus.Name)).toEqual([
    "app",
    "default",
    "new",
  ]);
  await call("PutRule", { Name: "R", EventBusName: "new", EventPattern: '{"source":["app"]}' });
  await expect(call("DeleteEventBus", { Name: "new" })).rejects.toThrow(/since it has rules/);
  await call("DeleteRule", { Name: "R", EventBusName: "new" });
  await call("DeleteEventBus", { Name: "new" });
  await expect(call("DescribeEventBus", { Name: "new" })).rejects.toThrow(/does not exist/);
});

test("an archive keeps what passes its bus, and a replay brings it to the rules again", async () => {
  await call("CreateArchive", {
    ArchiveName: "all",
    EventSourceArn: `${BUS}default`,
    EventPattern: '{"source":["app"]}',
  });
  await put({ Detail: '{"n":1}' });
  upload("uploads/cats/not-archived.jpg");
  await kernel.clock.advance(MINUTE);
  expect(await call("DescribeArchive", { ArchiveName: "all" })).toMatchObject({ EventCount: 1 });
  await watch({});
  await call("StartReplay", {
    ReplayName: "again",
    EventSourceArn: "arn:aws:events:us-east-1:000000000000:archive/all",
    EventStartTime: new Date(kernel.clock.now() - 2 * MINUTE),
    EventEndTime: new Date(kernel.clock.now()),
    Destination: { Arn: `${BUS}default` },
  });
  await kernel.clock.advance(0);
  expect(payloads().map((text) => JSON.parse(text))).toMatchObject([
    { detail: { n: 1 }, "replay-name": "again" },
  ]);
  expect(await call("DescribeReplay", { ReplayName: "again" })).toMatchObject({ State: "COMPLETED" });
  expect(await call("DescribeArchive", { ArchiveName: "all" })).toMatchObject({ EventCount: 1 });
});
