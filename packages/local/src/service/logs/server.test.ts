import { afterEach, expect, test } from "vitest";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { cloudwatch } from "../cloudwatch/plugin.ts";
import { logs } from "./plugin.ts";

let kernel: TestKernel;
afterEach(() => kernel.dispose());

const GROUP = "/app/web";

async function open() {
  kernel = await testKernel({
    plugins: [logs, cloudwatch],
    graph: {
      resources: [
        {
          name: "Web",
          type: "aws:cloudwatch/logGroup:LogGroup",
          inputs: { name: GROUP, retentionInDays: 1 },
        },
      ],
    },
  });
  for (const stream of ["one", "two"])
    await kernel.call("logs", "CreateLogStream", { logGroupName: GROUP, logStreamName: stream });
}

const put = (stream: string, ...messages: string[]) =>
  kernel.call("logs", "PutLogEvents", {
    logGroupName: GROUP,
    logStreamName: stream,
    logEvents: messages.map((message, index) => ({ message, timestamp: kernel.clock.now() + index })),
  });

const filter = (input = {}) => kernel.call("logs", "FilterLogEvents", { logGroupName: GROUP, ...input });
const messages = ({ events }: { events: Array<{ message: string }> }) => events.map(({ message }) => message);

test("events of all streams are returned once, in order of time, in pages", async () => {
  await open();
  await put("one", "a", "b");
  await kernel.clock.advance(10);
  await put("two", "c", "d", "e");
  const seen: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await filter({ limit: 2, nextToken });
    seen.push(...messages(page));
    nextToken = page.nextToken;
  } while (nextToken);
  expect(seen).toEqual(["a", "b", "c", "d", "e"]);
  expect(messages(await filter({ logStreamNames: ["two"] }))).toEqual(["c", "d", "e"]);
  expect(messages(await filter({ filterPattern: "?a ?d" }))).toEqual(["a", "d"]);
  expect(messages(await filter({ startTime: kernel.clock.now() + 1 }))).toEqual(["d", "e"]);
});

test("a stream is read forward and backward, and the same token means the end", async () => {
  await open();
  await put("one", "a", "b", "c");
  const get = (input: object) =>
    kernel.call("logs", "GetLogEvents", { logGroupName: GROUP, logStreamName: "one", ...input });
  const first = await get({ startFromHead: true, limit: 2 });
  expect(messages(first)).toEqual(["a", "b"]);
  const second = await get({ nextToken: first.nextForwardToken, limit: 2 });
  expect(messages(second)).toEqual(["c"]);
  const third = await get({ nextToken: second.nextForwardToken });
  expect(messages(third)).toEqual([]);
  expect(third.nextForwardToken).toBe(second.nextForwardToken);
  expect(messages(await get({ limit: 2 }))).toEqual(["b", "c"]);
  expect(messages(await get({ nextToken: second.nextBackwardToken }))).toEqual(["a", "b"]);
});

test("events past the group's retention are not returned", async () => {
  await open();
  await put("one", "old");
  await kernel.clock.advance(23 * 3_600_000);
  expect(messages(await filter())).toEqual(["old"]);
  await kernel.clock.advance(2 * 3_600_000);
  expect(messages(await filter())).toEqual([]);
  expect(kernel.store.get("select count(*) as n from logs_events")).toEqual({ n: 0 });
});

test("groups and streams are created, described and deleted; errors name missing ones", async () => {
  await open();
  await kernel.call("logs", "CreateLogGroup", { logGroupName: "/app/other" });
  await expect(kernel.call("logs", "CreateLogGroup", { logGroupName: "/app/other" })).rejects.toMatchObject({
    code: "ResourceAlreadyExistsException",
  });
  const { logGroups } = await kernel.call("logs", "DescribeLogGroups", { logGroupNamePrefix: "/app/" });
  expect(logGroups).toMatchObject([
    { logGroupName: "/app/other", arn: "arn:aws:logs:us-east-1:000000000000:log-group:/app/other:*" },
    { logGroupName: GROUP, retentionInDays: 1 },
  ]);
  await put("two", "late");
  const { logStreams } = await kernel.call("logs", "DescribeLogStreams", {
    logGroupName: GROUP,
    orderBy: "LastEventTime",
    descending: true,
  });
  expect(logStreams.map((stream: { logStreamName: string }) => stream.logStreamName)).toEqual(["two", "one"]);
  await kernel.call("logs", "DeleteLogGroup", { logGroupName: GROUP });
  await expect(filter()).rejects.toMatchObject({ code: "ResourceNotFoundException" });
  await expect(
    kernel.call("logs", "PutRetentionPolicy", { logGroupName: "/app/other", retentionInDays: 2 }),
  ).rejects.toMatchObject({ code: "InvalidParameterException" });
});

test("events that are too old are skipped and reported; unordered batches are rejected", async () => {
  await open();
  const now = kernel.clock.now();
  const at = (...times: number[]) =>
    kernel.call("logs", "PutLogEvents", {
      logGroupName: GROUP,
      logStreamName: "one",
      logEvents: times.map((timestamp) => ({ timestamp, message: String(timestamp) })),
    });
  expect(await at(now - 15 * 86_400_000, now)).toMatchObject({
    rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1 },
  });
  expect(messages(await filter())).toEqual([String(now)]);
  await expect(at(now, now - 1)).rejects.toMatchObject({ code: "InvalidParameterException" });
});

test("metrics embedded in an event are stored, and the event is unchanged", async () => {
  await open();
  const blob = {
    _aws: {
      Timestamp: kernel.clock.now(),
      CloudWatchMetrics: [
        {
          Namespace: "Shop",
          Dimensions: [["model"], []],
          Metrics: [{ Name: "ms", Unit: "Milliseconds" }, { Name: "seen" }],
        },
      ],
    },
    model: "cats",
    ms: [10, 30],
    seen: 1,
  };
  await put(
    "one",
    JSON.stringify(blob),
    `2026-01-01T00:00:00.000Z\tid\tINFO\t${JSON.stringify(blob)}`,
    "plain {not json}",
  );
  expect(messages(await filter())[0]).toBe(JSON.stringify(blob));
  const { Datapoints } = await kernel.call("cloudwatch", "GetMetricStatistics", {
    Namespace: "Shop",
    MetricName: "ms",
    Dimensions: [{ Name: "model", Value: "cats" }],
    StartTime: new Date(kernel.clock.now() - 60_000),
    EndTime: new Date(kernel.clock.now() + 60_000),
    Period: 60,
    Statistics: ["Sum", "SampleCount", "Average", "Maximum"],
    ExtendedStatistics: ["p50", "p99"],
  });
  expect(Datapoints).toMatchObject([
    { Sum: 80, SampleCount: 4, Average: 20, Maximum: 30, ExtendedStatistics: { p50: 10, p99: 30 } },
  ]);
});
