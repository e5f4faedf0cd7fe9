// The estimate of a cost against what happened: a prediction, a training and a month, by the local cloud's own counts.
import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { SageMakerClient, DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import type { Estimate } from "@sluice/core/cost/cost.ts";
import {
  ALARMS_A_MODEL,
  estimatePipeline,
  estimateServerless,
  estimateTraining,
} from "@sluice/core/cost/estimate.ts";
import { DEFAULT_PRICES } from "@sluice/core/cost/prices.ts";
import type { Cost } from "@sluice/core/spending/forecast.ts";
import type { TrainingRun } from "@sluice/core/training/training.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { graphWithoutSchedules, startStage, type Stage } from "../support/cloud.ts";
import { sampleOf } from "../support/sample.ts";
import { until } from "../support/until.ts";

const UPLOADS = 4;
const SYNCHRONOUS = 3;
let stage: Stage;
let cost: Cost;
/** Requests by operation, while the uploads were predicted. */
const counted: Record<string, number> = {};
let calls: { count: number; seconds: number };

async function json<T>(route: string, body?: object): Promise<T> {
  const answer = await stage.api(route, { method: body ? "POST" : "GET", body });
  return (await answer.json()) as T;
}

beforeAll(async () => {
  stage = await startStage(graphWithoutSchedules());
  await stage.deploy("vehicles");
  const { kernel } = stage.cloud;
  const { perform } = kernel;
  kernel.perform = (service, operation, input, call) => {
    counted[operation] = (counted[operation] ?? 0) + 1;
    return perform(service, operation, input, call);
  };
  // One by one: the estimate is of single predictions, and a batch shares requests.
  for (let index = 0; index < UPLOADS; index++) {
    const { bytes } = await sampleOf("vehicles", index);
    const { idFor } = await stage.upload(`uploads/vehicles/cost-${index}.jpg`, bytes);
    await stage.prediction(idFor("vehicles"));
  }
  kernel.perform = perform;
  const { bytes } = await sampleOf("vehicles", 1);
  for (let index = 0; index < SYNCHRONOUS; index++)
    await stage.api("/predict/vehicles", { method: "POST", body: bytes });
  // Metrics are written in the background.
  calls = await until(async () => {
    const found = await readMeter();
    if (found.count < UPLOADS + SYNCHRONOUS + 1) throw new Error(`${found.count} calls are counted`);
    return found;
  });
  cost = await until(async () => {
    const found = await json<Cost>("/models/vehicles/cost?perDay=100");
    if (found.soFar.predictions < UPLOADS)
      throw new Error(`${found.soFar.predictions} predictions are counted`);
    return found;
  });
}, 180_000);
afterAll(() => stage.dispose());

/** What SageMaker's meter has of the endpoint. */
async function readMeter() {
  const now = Date.now();
  const query = (Id: string, MetricName: string, Stat: string) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: "AWS/SageMaker",
        MetricName,
        Dimensions: [
          { Name: "EndpointName", Value: "sluice-local-vehicles-serverless" },
          { Name: "VariantName", Value: "AllTraffic" },
        ],
      },
      Period: 86_400,
      Stat,
    },
  });
  const { MetricDataResults = [] } = await new CloudWatchClient({}).send(
    new GetMetricDataCommand({
      MetricDataQueries: [query("count", "Invocations", "Sum"), query("latency", "ModelLatency", "Sum")],
      StartTime: new Date(now - 2 * 86_400_000),
      EndTime: new Date(now + 86_400_000),
    }),
  );
  const sum = (id: string) =>
    (MetricDataResults.find(({ Id }) => Id === id)?.Values ?? []).reduce((all, value) => all + value, 0);
  return { count: sum("count"), seconds: sum("latency") / 1e6 };
}

const item = ({ items }: Estimate, what: RegExp) => items.find((one) => what.test(one.what))!;

test("a prediction: no kind of request is more than estimated, nor less than a third", () => {
  const path = estimatePipeline(UPLOADS, DEFAULT_PRICES);
  const { s3, lambda } = DEFAULT_PRICES;
  const requests = (what: RegExp, price: number) => Math.round(item(path, what).dollars / price);
  for (const [actual, estimated] of [
    [counted["PutObject"]!, requests(/S3 puts/, s3.put)],
    [counted["GetObject"]!, requests(/S3 gets/, s3.get)],
    [counted["InvokeEndpoint"]!, UPLOADS],
    [UPLOADS, requests(/Lambda requests/, lambda.request)],
  ] as const) {
    expect(actual).toBeLessThanOrEqual(estimated);
    expect(actual).toBeGreaterThanOrEqual(estimated / 3);
  }
});

test("a month so far: every call of the endpoint is paid, synchronous ones and tests too", () => {
  const { soFar, assumptions } = cost;
  expect(soFar.predictions).toBe(UPLOADS);
  expect(soFar.predictions + soFar.otherCalls).toBe(calls.count);
  expect(soFar.otherCalls).toBeGreaterThan(SYNCHRONOUS);
  const paid = (seconds: number) =>
    estimateServerless(
      { count: calls.count, memory: assumptions.memory.value, seconds, bytes: assumptions.bytes.value },
      DEFAULT_PRICES,
    );
  expect(item(soFar.estimate, /serverless compute/).dollars).toBeCloseTo(
    item(paid(assumptions.seconds.value), /serverless compute/).dollars,
    10,
  );
  // The estimate includes the way to the endpoint: it is not below what the meter measured.
  expect(assumptions.seconds.source).toBe("measured");
  expect(assumptions.seconds.value * calls.count).toBeGreaterThan(calls.seconds / 3);
  for (const what of [/API requests/, /CloudWatch metrics/, /CloudWatch alarms/])
    expect(item(soFar.estimate, what).dollars).toBeGreaterThan(0);
  const { dollars, items } = soFar.estimate;
  expect(items.reduce((sum, one) => sum + one.dollars, 0)).toBeCloseTo(dollars, 12);
});

test("a month: the estimate is that of one prediction, scaled", () => {
  const [month] = cost.monthly;
  expect(month!.serverless.dollars).toBeCloseTo(cost.prediction.endpoint.dollars * 100 * 30, 8);
  expect(month!.path.dollars).toBeCloseTo(cost.prediction.path.dollars * 100 * 30, 8);
  // 7 metrics and 5 classes in every hour, and the alarms.
  expect(cost.watching.dollars).toBeCloseTo(12 * 0.3 + ALARMS_A_MODEL * 0.1, 8);
});

test("a training: its run costs its billed seconds, and the next estimate uses its duration", async () => {
  const lines = ["file,label"];
  for (let index = 0; index < 60; index++) {
    const { bytes, label } = await sampleOf("vehicles", index);
    const { key } = await stage.upload(`data/vehicles/${label}/${index}.jpg`, bytes);
    lines.push(`${key},${label}`);
  }
  await stage.upload("labels/vehicles/all.csv", lines.join("\n"));
  await until(async () => {
    const { items } = await json<{ items: { status: string }[] }>("/labels/vehicles/imports");
    if (items[0]?.status !== "done") throw new Error("not imported yet");
  }, 60_000);
  const { name } = await json<TrainingRun>("/models/vehicles/training", {
    container: "probe",
    epochs: 1,
    spot: false,
  });
  const run = await until(async () => {
    const found = await json<TrainingRun>(`/training/${name}`);
    if (!found.cost) throw new Error(`${found.status} ${found.failureReason}`);
    return found;
  }, 120_000);
  const job = await new SageMakerClient({}).send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  const actual = (job.BillableTimeInSeconds! * DEFAULT_PRICES.training["ml.m5.xlarge"]!) / 3_600;
  expect(run.cost!.dollars).toBeCloseTo(actual, 10);
  const { training, assumptions, soFar } = await json<Cost>("/models/vehicles/cost?spot=false");
  expect(assumptions.trainingSeconds).toMatchObject({ source: "measured", run: name });
  // The estimate counts whole seconds from start to end.
  const second = estimateTraining(
    { instance: "ml.m5.xlarge", seconds: 1, spot: false },
    DEFAULT_PRICES,
  ).dollars;
  expect(Math.abs(training.dollars - actual)).toBeLessThanOrEqual(second + 1e-9);
  expect(item(soFar.estimate, /1 training/).dollars).toBeCloseTo(actual, 10);
}, 240_000);
