import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { startCloud, type Cloud } from "@sluice/local/cloud.ts";
import { printErrors } from "@sluice/local/kernel/testing-log.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aws, boto3, noAws, noBoto3 } from "../lambda/tools.ts";

let cloud: Cloud;
let client: CloudWatchClient;
let dir: string;

beforeAll(async () => {
  dir = mkdtempSync(path.join(tmpdir(), "cloud-"));
  cloud = await startCloud({
    root: dir,
    dir,
    port: 0,
    log: printErrors,
    graph: { version: 1, app: "conformance", stage: "local", resources: [], functions: {} },
  });
  client = new CloudWatchClient(cloud.client);
});
afterAll(async () => {
  await cloud.stop();
  rmSync(dir, { recursive: true, force: true });
});

// A window of whole hours around now, because periods are aligned to the clock, as on AWS.
const HOUR = 3_600_000;
const window = () => {
  const hour = Math.floor(Date.now() / HOUR) * HOUR;
  return { StartTime: new Date(hour - HOUR), EndTime: new Date(hour + 2 * HOUR) };
};

test("the SDK puts metrics, compressed ones too, and reads them back", async () => {
  // More than 10 KB: the SDK compresses it.
  const MetricData = Array.from({ length: 400 }, (_, index) => ({
    MetricName: "latency",
    Value: index + 1,
    Unit: "Milliseconds" as const,
    Dimensions: [{ Name: "model", Value: "cats" }],
  }));
  await client.send(new PutMetricDataCommand({ Namespace: "App", MetricData }));
  const Metric = { Namespace: "App", MetricName: "latency", Dimensions: [{ Name: "model", Value: "cats" }] };
  const query = (Id: string, Stat: string) => ({ Id, MetricStat: { Metric, Period: 3 * 3600, Stat } });
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      ...window(),
      MetricDataQueries: [query("n", "SampleCount"), query("m", "Maximum")],
    }),
  );
  const total = (index: number) => MetricDataResults![index]!.Values!;
  expect(total(0).reduce((sum, value) => sum + value, 0)).toBe(400);
  expect(Math.max(...total(1))).toBe(400);
  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: "App" }));
  expect(Metrics).toEqual([Metric]);
});

test("an alarm put by the SDK is described", async () => {
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: "slow",
      Namespace: "App",
      MetricName: "latency",
      Statistic: "Average",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
    }),
  );
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ["slow"] }));
  expect(MetricAlarms).toMatchObject([{ AlarmName: "slow", StateValue: "INSUFFICIENT_DATA", Threshold: 1 }]);
});

test("boto3 reads statistics", async ({ skip }) => {
  skip(noBoto3 !== undefined, noBoto3);
  const answer = await boto3(
    cloud.environment,
    `
from datetime import datetime, timedelta, timezone
c = boto3.client("cloudwatch")
c.put_metric_data(Namespace="Py", MetricData=[{"MetricName": "x", "Value": 2}, {"MetricName": "x", "Values": [4, 6], "Counts": [1, 2]}])
now = datetime.now(timezone.utc)
r = c.get_metric_statistics(Namespace="Py", MetricName="x", StartTime=now - timedelta(hours=2), EndTime=now + timedelta(hours=2), Period=60, Statistics=["Sum", "SampleCount"])
print(json.dumps([sum(d["Sum"] for d in r["Datapoints"]), sum(d["SampleCount"] for d in r["Datapoints"])]))`,
  );
  expect(answer).toEqual([18, 4]);
});

test("the aws command puts and lists metrics", async ({ skip }) => {
  skip(noAws !== undefined, noAws);
  await aws(
    cloud.environment,
    "cloudwatch",
    "put-metric-data",
    "--namespace",
    "Cli",
    "--metric-name",
    "y",
    "--value",
    "3",
  );
  const { Metrics } = JSON.parse(
    await aws(cloud.environment, "cloudwatch", "list-metrics", "--namespace", "Cli"),
  );
  expect(Metrics).toEqual([{ Namespace: "Cli", MetricName: "y", Dimensions: [] }]);
});
