import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { startCloud, type Cloud } from "@sluice/local/cloud.ts";
import { printErrors } from "@sluice/local/kernel/testing-log.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { endpointOf } from "../clients.ts";
import { aws, boto3, noAws, noBoto3, noLogsTail } from "../lambda/tools.ts";

const GROUP = "/app/web";
let cloud: Cloud;
let client: CloudWatchLogsClient;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "cloud-"));
  const group = {
    name: "Web",
    type: "aws:cloudwatch/logGroup:LogGroup",
    inputs: { name: GROUP, retentionInDays: 30 },
  };
  cloud = await startCloud({
    root: dir,
    dir,
    port: 0,
    log: printErrors,
    graph: { version: 1, app: "conformance", stage: "local", resources: [group], functions: {} },
  });
  client = new CloudWatchLogsClient(cloud.client);
  await client.send(new CreateLogStreamCommand({ logGroupName: GROUP, logStreamName: "one" }));
});
afterAll(async () => {
  await cloud.stop();
  rmSync(dir, { recursive: true, force: true });
});

const put = (...messages: string[]) =>
  client.send(
    new PutLogEventsCommand({
      logGroupName: GROUP,
      logStreamName: "one",
      logEvents: messages.map((message) => ({ message, timestamp: Date.now() })),
    }),
  );

test("the SDK writes and reads events, with JSON lines unchanged", async () => {
  const line = JSON.stringify({ level: "ERROR", text: "é \u{1f431} <&>" });
  await put("plain", line);
  const found = await client.send(
    new FilterLogEventsCommand({ logGroupName: GROUP, filterPattern: '{ $.level = "ERROR" }' }),
  );
  expect(found.events?.map(({ message }) => message)).toEqual([line]);
  const got = await client.send(
    new GetLogEventsCommand({ logGroupName: GROUP, logStreamName: "one", startFromHead: true }),
  );
  expect(got.events?.[0]).toMatchObject({ message: "plain" });
  const { logGroups } = await client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/app" }));
  expect(logGroups).toMatchObject([{ logGroupName: GROUP, retentionInDays: 30 }]);
  await expect(client.send(new FilterLogEventsCommand({ logGroupName: "/no" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
});

test("boto3 pages through events", async ({ skip }) => {
  skip(noBoto3 !== undefined, noBoto3);
  await put("p1", "p2", "p3");
  const answer = await boto3(
    cloud.environment,
    `
c = boto3.client("logs")
pages = c.get_paginator("filter_log_events").paginate(logGroupName="${GROUP}", filterPattern="?p1 ?p2 ?p3", PaginationConfig={"PageSize": 2})
print(json.dumps([[e["message"] for e in p["events"]] for p in pages]))`,
  );
  expect(answer.flat()).toEqual(["p1", "p2", "p3"]);
});

test("the aws command filters events", async ({ skip }) => {
  skip(noAws !== undefined, noAws);
  await put("needle in a haystack");
  const args = ["--log-group-name", GROUP, "--filter-pattern", "needle"];
  const { events } = JSON.parse(await aws(cloud.environment, "logs", "filter-log-events", ...args));
  expect(events).toMatchObject([{ message: "needle in a haystack", logStreamName: "one" }]);
});

test("aws logs tail shows existing events, and follows new ones", async ({ skip }) => {
  skip(noLogsTail !== undefined, noLogsTail);
  await put("before following");
  expect(await aws(cloud.environment, "logs", "tail", GROUP, "--format", "short")).toContain(
    "before following",
  );
  const env = { ...process.env, ...cloud.environment, PYTHONUNBUFFERED: "1", AWS_PAGER: "" };
  const tail = spawn("aws", ["logs", "tail", GROUP, "--follow", ...endpointOf(cloud.environment)], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  try {
    let out = "";
    tail.stdout.on("data", (chunk: Buffer) => (out += chunk));
    await expect.poll(() => out, { timeout: 20_000 }).toContain("before following");
    await put("while following");
    await expect.poll(() => out, { timeout: 20_000 }).toContain("while following");
  } finally {
    // The command may be a shim with a child process.
    process.kill(-tail.pid!, "SIGKILL");
  }
});
