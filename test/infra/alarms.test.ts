// What is watched, and who is told.
import { expect, it } from "vitest";
import { named, ofType, statements } from "./graph.ts";

const alarms = ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name, inputs }) => ({ name, inputs }));
const watching = (metricName: string) =>
  alarms.filter(({ inputs }) => inputs["metricName"] === metricName).map(({ inputs }) => inputs);

it("watches the errors of every function", () => {
  const watched = watching("Errors").map(({ dimensions }) => dimensions.FunctionName as string);
  const functions = ofType("aws:lambda/function:Function").map(({ name }) => `\${${name}.name}`);
  expect(functions.length).toBeGreaterThan(20);
  expect(watched.toSorted()).toEqual(functions.toSorted());
});

it("watches throttles once for the account, whose functions share the quota", () => {
  expect(watching("Throttles")).toEqual([expect.objectContaining({ namespace: "AWS/Lambda" })]);
  expect(watching("Throttles")[0]!["dimensions"]).toBeUndefined();
});

it("watches the API's errors and latency", () => {
  const api = { ApiId: "${HttpApi.id}" };
  expect(watching("5xx")).toMatchObject([{ namespace: "AWS/ApiGateway", dimensions: api }]);
  expect(watching("Latency")).toMatchObject([
    { namespace: "AWS/ApiGateway", dimensions: api, extendedStatistic: "p95" },
  ]);
});

it("stores the runs that a schedule could not start, and may write them", () => {
  for (const { inputs } of ofType("aws:scheduler/schedule:Schedule")) {
    const { deadLetterConfig, roleArn } = inputs["target"] as Record<string, any>;
    expect(deadLetterConfig).toEqual({ arn: "${ScheduleDeadLettersQueue.arn}" });
    const [{ policy }] = named(/\w+/.exec(roleArn as string)![0])["inlinePolicies"];
    expect(statements(policy as string)).toContainEqual(
      expect.objectContaining({
        Action: ["sqs:SendMessage"],
        Resource: ["${ScheduleDeadLettersQueue.arn}"],
      }),
    );
  }
});

it.each(alarms)("$name notifies the topic when it fires and when it ends", ({ inputs }) => {
  expect(inputs["alarmActions"]).toEqual(["${Alarms.arn}"]);
  expect(inputs["okActions"]).toEqual(["${Alarms.arn}"]);
});

it("lets CloudWatch and the budget publish to the topic, for this account only", () => {
  expect(statements(named("AlarmsPolicy")["policy"] as string)).toEqual([
    {
      Effect: "Allow",
      Action: ["sns:Publish"],
      Resource: ["${Alarms.arn}"],
      Principal: { Service: ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"] },
      Condition: { StringEquals: { "aws:SourceAccount": ["${aws.account}"] } },
    },
  ]);
});

it("has a monthly budget that notifies at 80 % and at a forecast of 100 %", () => {
  const { timeUnit, limitAmount, notifications } = named("MonthlyBudget");
  expect({ timeUnit, limitAmount }).toEqual({ timeUnit: "MONTHLY", limitAmount: "100" });
  expect(notifications).toMatchObject([
    { notificationType: "ACTUAL", threshold: 80, subscriberSnsTopicArns: ["${Alarms.arn}"] },
    { notificationType: "FORECASTED", threshold: 100, subscriberSnsTopicArns: ["${Alarms.arn}"] },
  ]);
});

it("limits the rate of requests to the API", () => {
  expect(named("HttpStage")["defaultRouteSettings"]).toEqual({
    throttlingBurstLimit: 1_000,
    throttlingRateLimit: 500,
  });
});

it("names resources by app and stage where SST does not", () => {
  const types = [
    "aws:cloudfront/originAccessControl:OriginAccessControl",
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    "aws:cloudwatch/eventRule:EventRule",
    "aws:cloudwatch/metricAlarm:MetricAlarm",
    "aws:ecr/repository:Repository",
    "aws:iam/role:Role",
    "aws:sns/topic:Topic",
    "aws:sqs/queue:Queue",
    "aws:lambda/function:Function",
    "aws:scheduler/schedule:Schedule",
    "aws:dynamodb/table:Table",
    "aws:cloudwatch/eventBus:EventBus",
    "aws:budgets/budget:Budget",
  ];
  for (const type of types) {
    expect(ofType(type).length, type).toBeGreaterThan(0);
    for (const { name, inputs } of ofType(type))
      // The role belongs to the account, and SST keeps it there.
      if (name !== "APIGatewayPushToCloudWatchLogsRole")
        expect(inputs["name"], name).toMatch(/^sluice-local-/);
  }
});
