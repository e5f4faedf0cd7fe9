import { afterEach, expect, test } from "vitest";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { sqs } from "../sqs/plugin.ts";
import { cloudwatch } from "./plugin.ts";

let kernel: TestKernel;
afterEach(() => kernel.dispose());

const put = (value: number, dimensions: Record<string, string> = {}) =>
  kernel.call("cloudwatch", "PutMetricData", {
    Namespace: "Shop",
    MetricData: [
      {
        MetricName: "orders",
        Value: value,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
    ],
  });

test("data points are grouped by period, with a series for each set of dimensions", async () => {
  kernel = await testKernel({ plugins: [cloudwatch] });
  const StartTime = new Date(kernel.clock.now());
  await put(1);
  await put(3);
  await put(100, { model: "cats" });
  await kernel.clock.advance(120_000);
  await put(5);
  const { MetricDataResults } = await kernel.call("cloudwatch", "GetMetricData", {
    StartTime,
    EndTime: new Date(kernel.clock.now() + 60_000),
    ScanBy: "TimestampAscending",
    MetricDataQueries: [
      {
        Id: "m1",
        MetricStat: { Metric: { Namespace: "Shop", MetricName: "orders" }, Period: 60, Stat: "Sum" },
      },
      {
        Id: "m2",
        MetricStat: { Metric: { Namespace: "Shop", MetricName: "orders" }, Period: 300, Stat: "Average" },
      },
    ],
  });
  expect(MetricDataResults.map((result: { Values: number[] }) => result.Values)).toEqual([[4, 5], [3]]);
  const { Metrics } = await kernel.call("cloudwatch", "ListMetrics", {
    Namespace: "Shop",
    Dimensions: [{ Name: "model" }],
  });
  expect(Metrics).toEqual([
    { Namespace: "Shop", MetricName: "orders", Dimensions: [{ Name: "model", Value: "cats" }] },
  ]);
});

test("unsupported and invalid requests are rejected by name", async () => {
  kernel = await testKernel({ plugins: [cloudwatch] });
  const times = { StartTime: new Date(kernel.clock.now()), EndTime: new Date(kernel.clock.now() + 1) };
  await expect(
    kernel.call("cloudwatch", "GetMetricData", {
      ...times,
      MetricDataQueries: [{ Id: "e", Expression: "m1 * 2" }],
    }),
  ).rejects.toThrow(/metric math/);
  await expect(put(Number.NaN)).rejects.toMatchObject({ code: "InvalidParameterValue" });
  await expect(
    kernel.call("cloudwatch", "PutMetricData", {
      Namespace: "Shop",
      MetricData: [{ MetricName: "x", Value: 1, Timestamp: new Date(0) }],
    }),
  ).rejects.toMatchObject({ code: "InvalidParameterValue" });
});

test("an alarm changes state when its threshold is crossed, runs its actions and returns to OK", async () => {
  kernel = await testKernel({
    plugins: [cloudwatch],
    graph: {
      resources: [
        {
          name: "Orders",
          type: "aws:cloudwatch/metricAlarm:MetricAlarm",
          inputs: {
            name: "orders-high",
            namespace: "Shop",
            metricName: "orders",
            statistic: "Sum",
            period: 60,
            evaluationPeriods: 1,
            threshold: 10,
            comparisonOperator: "GreaterThanThreshold",
            treatMissingData: "notBreaching",
            alarmActions: ["arn:aws:sns:us-east-1:000000000000:pager"],
          },
        },
      ],
    },
  });
  const state = async () =>
    (await kernel.call("cloudwatch", "DescribeAlarms", {})).MetricAlarms[0].StateValue;
  expect(await state()).toBe("INSUFFICIENT_DATA");
  await put(11);
  await kernel.clock.advance(60_000);
  expect(await state()).toBe("ALARM");
  expect(kernel.deliveries.filter(({ arn }) => arn.endsWith(":pager"))).toHaveLength(1);
  expect(kernel.events.at(-1)).toMatchObject({
    source: "aws.cloudwatch",
    detailType: "CloudWatch Alarm State Change",
    detail: {
      alarmName: "orders-high",
      state: { value: "ALARM" },
      previousState: { value: "INSUFFICIENT_DATA" },
    },
  });
  await kernel.clock.advance(60_000);
  expect(await state()).toBe("OK");
  const again = await kernel.restart();
  kernel = again;
  expect(await state()).toBe("OK");
});

test("the depth of every queue is a metric, and the age of its oldest message", async () => {
  kernel = await testKernel({
    plugins: [sqs, cloudwatch],
    graph: { resources: [{ name: "Dead", type: "aws:sqs/queue:Queue", inputs: { name: "dead" } }] },
  });
  await kernel.call("sqs", "SendMessage", {
    QueueUrl: "http://127.0.0.1:4710/000000000000/dead",
    MessageBody: "x",
  });
  const sent = kernel.clock.now();
  await kernel.clock.advance(120_000);
  const newest = async (MetricName: string) => {
    const { Datapoints } = await kernel.call("cloudwatch", "GetMetricStatistics", {
      Namespace: "AWS/SQS",
      MetricName,
      Dimensions: [{ Name: "QueueName", Value: "dead" }],
      StartTime: new Date(kernel.clock.now() - 120_000),
      EndTime: new Date(kernel.clock.now()),
      Period: 60,
      Statistics: ["Maximum"],
    });
    return Datapoints.at(-1)?.Maximum;
  };
  expect(await newest("ApproximateNumberOfMessagesVisible")).toBe(1);
  // Measured as each minute ends.
  const measuredAt = Math.floor(kernel.clock.now() / 60_000) * 60_000;
  expect(await newest("ApproximateAgeOfOldestMessage")).toBe(Math.floor((measuredAt - sent) / 1_000));
});
