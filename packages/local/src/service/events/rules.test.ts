import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { sqs } from "../sqs/plugin.ts";
import { events } from "./plugin.ts";
import { BUS, FUNCTION, graph, eventCalls } from "./testing.ts";

let kernel: TestKernel;
const MINUTE = 60_000;
const { call, payloads, upload, put, watch } = eventCalls(() => kernel);

beforeEach(async () => {
  kernel = await testKernel({ plugins: [sqs, events], graph });
});
afterEach(() => kernel.dispose());

describe("PutEvents", () => {
  test("accepts valid entries and returns an error for each other one", async () => {
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

  test("rejects too many entries and too many bytes", async () => {
    const entry = { Source: "app", DetailType: "done", Detail: "{}" };
    const over = call("PutEvents", { Entries: Array.from({ length: 11 }, () => entry) });
    await expect(over).rejects.toMatchObject({ code: "ValidationException" });
    await expect(put({ Detail: JSON.stringify({ text: "x".repeat(262_144) }) })).rejects.toThrow(
      /over the limit/,
    );
  });

  test("separates buses, and forwards events from one to another", async () => {
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

  test("accepts an entry for a missing bus as on AWS, and logs a warning", async () => {
    expect(await put({ EventBusName: "nowhere" })).toMatchObject({ FailedEntryCount: 0 });
    expect(kernel.logs).toMatchObject([{ level: "warn", message: expect.stringContaining("nowhere") }]);
  });
});

describe("a schedule", () => {
  test("runs on time, over restarts, until it is disabled", async () => {
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

describe("rules created by API calls", () => {
  test("are created, listed, disabled and deleted", async () => {
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

  test("with a pattern that AWS rejects are rejected with the reason", async () => {
    const rule = call("PutRule", { Name: "Bad", EventPattern: '{"source":"app"}' });
    await expect(rule).rejects.toMatchObject({
      code: "InvalidEventPatternException",
      message: 'Event pattern is not valid. Reason: "source" must be an object or an array',
    });
    const test = call("TestEventPattern", { EventPattern: '{"source":["app"]}', Event: '{"source":"app"}' });
    expect(await test).toEqual({ Result: true });
  });

  test("have tags, and are listed in pages of Limit", async () => {
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

  test("survive a restart, and those of the graph are removed with their declaration", async () => {
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

test("buses are created, described, and not deleted while they have rules", async () => {
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

test("an archive stores the events of its bus, and a replay sends them to the rules again", async () => {
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
