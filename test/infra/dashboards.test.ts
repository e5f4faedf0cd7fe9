// The dashboards that infra/ generates, within CloudWatch's limits.
import { checkDashboardBody } from "@sluice/local/service/cloudwatch/dashboard-body.ts";
import { models } from "@sluice/models/index.ts";
import { pascal } from "@sluice/models/names.ts";
import { expect, test } from "vitest";
import { named, ofType } from "./graph.ts";

interface Widget {
  x: number;
  y: number;
  width: number;
  height: number;
  properties: { title: string; metrics?: unknown[][]; alarms?: string[] };
}
const DASHBOARD = "aws:cloudwatch/dashboard:Dashboard";
const widgetsOf = (inputs: Record<string, unknown>) =>
  (JSON.parse(inputs["dashboardBody"] as string) as { widgets: Widget[] }).widgets;
const dashboards = ofType(DASHBOARD).map(({ inputs }) => ({
  name: inputs["dashboardName"] as string,
  body: inputs["dashboardBody"] as string,
  widgets: widgetsOf(inputs),
}));

test("one for each model and one for the app", () => {
  expect(dashboards.map(({ name }) => name).toSorted()).toEqual(
    ["sluice-local", ...models.map(({ name }) => `sluice-local-${name}`)].toSorted(),
  );
});

test.each(dashboards)("$name is valid", ({ body, widgets }) => {
  checkDashboardBody(body);
  expect(widgets.length).toBeLessThanOrEqual(500);
  for (const { properties } of widgets) {
    expect(properties.metrics?.length ?? 0, properties.title).toBeLessThanOrEqual(100);
    expect(properties.alarms?.length ?? 0, properties.title).toBeLessThanOrEqual(100);
  }
});

test.each(dashboards)("the widgets of $name do not overlap", ({ widgets }) => {
  const cells = widgets.flatMap(({ x, y, width, height }) =>
    Array.from({ length: width * height }, (_, at) => `${x + (at % width)}/${y + Math.floor(at / width)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
});

test.each(models)(
  "the dashboard of $name shows its endpoint, function, queue, predictions and drift",
  (model) => {
    const name = pascal(model.name);
    const metrics = widgetsOf(named(`${name}Dashboard`)).flatMap(
      ({ properties }) => properties.metrics ?? [],
    );
    const target = model.hosting.target === "local" ? "serverless" : model.hosting.target;
    const shown = metrics.map((metric) => metric.filter((part) => typeof part === "string").join(" "));
    expect(shown).toEqual(
      expect.arrayContaining([
        `Sluice completed model ${model.name}`,
        `Sluice estimatedAccuracy model ${model.name}`,
        expect.stringMatching(
          new RegExp(`^AWS/SageMaker Invocations EndpointName \\S*${target}\\S* VariantName AllTraffic$`),
        ),
        `AWS/Lambda Errors FunctionName \${${name}InferFunction.name}`,
        `AWS/SQS ApproximateNumberOfMessagesVisible QueueName \${${name}Queue.name}`,
        `AWS/SQS ApproximateNumberOfMessagesVisible QueueName \${${name}DeadLetterQueue.name}`,
      ]),
    );
    expect(JSON.stringify(metrics)).toContain(`drift model=\\"${model.name}\\"`);
  },
);

test("the app's dashboard shows every alarm", () => {
  const alarms = ofType("aws:cloudwatch/metricAlarm:MetricAlarm").map(
    ({ inputs }) => `arn:\${aws.partition}:cloudwatch:\${aws.region}:\${aws.account}:alarm:${inputs["name"]}`,
  );
  const [states] = widgetsOf(named("AppDashboard"));
  expect(states!.properties.alarms!.toSorted()).toEqual(alarms.toSorted());
});
