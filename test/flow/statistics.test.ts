// What a model's page shows, read from the metrics that predictions wrote.
import { PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cloudwatch } from "@sluice/core/aws/cloudwatch.ts";
import { readStatistics } from "@sluice/core/statistics/statistics.ts";
import { cloudwatch as plugin } from "@sluice/local/service/cloudwatch/plugin.ts";
import { testCloud, type TestCloud } from "@sluice/local/kernel/testing-cloud.ts";

let cloud: TestCloud;
let now: number;
beforeAll(async () => {
  cloud = await testCloud({ plugins: [plugin] });
  process.env["SST_RESOURCE_App"] = JSON.stringify({ name: "sluice", stage: "test" });
  Object.assign(process.env, cloud.environment);
  now = cloud.kernel.clock.now();
  await measured("completed", 2, { values: [1] });
  await measured("completed", 70, { values: [1, 1] });
  await measured("rejected", 70, { values: [1] });
  await measured("class.car", 70, { values: [1, 1] });
  await measured("confidence", 70, { values: [0.05, 0.1, 0.97, 1] });
  await measured("processingTime", 70, { values: [10, 20, 30, 400] });
});
afterAll(() => cloud.dispose());

function measured(MetricName: string, minutesAgo: number, { values }: { values: number[] }) {
  return cloudwatch().send(
    new PutMetricDataCommand({
      Namespace: "Sluice",
      MetricData: [
        {
          MetricName,
          Dimensions: [{ Name: "model", Value: "vehicles" }],
          Timestamp: new Date(now - minutesAgo * 60_000),
          Values: values,
        },
      ],
    }),
  );
}

test("counts, times and classes are summed over all periods, and confidences over twenty bins", async () => {
  const found = await readStatistics({ model: "vehicles", now: now + 60_000 });
  expect(found.totals).toEqual({ completed: 3, rejected: 1, failed: 0 });
  expect(found.series.map(({ completed }) => completed)).toEqual([2, 1]);
  expect(found.series[0]).toMatchObject({ rejected: 1, p50: 20, p95: 400, confidence: 0.53 });
  expect(found.classes.find((one) => one.class === "car")).toEqual({ class: "car", count: 2 });
  expect(found.confidence.filter(({ count }) => count > 0)).toEqual([
    { from: 0, to: 0.05, count: 1 },
    { from: 0.05, to: 0.1, count: 1 },
    { from: 0.95, to: 1, count: 2 },
  ]);
});

test("a model without predictions has zeros", async () => {
  const found = await readStatistics({ model: "cats", now });
  expect(found).toMatchObject({ totals: { completed: 0, rejected: 0, failed: 0 }, series: [] });
});

test("a period that ends before it starts, or is longer than the retention, is rejected", async () => {
  const backwards = { from: new Date(now).toISOString(), to: new Date(now - 1).toISOString() };
  await expect(readStatistics({ model: "cats", now, ...backwards })).rejects.toMatchObject({
    code: "INPUT_INVALID",
  });
  const old = { from: new Date(now - 500 * 86_400_000).toISOString() };
  await expect(readStatistics({ model: "cats", now, ...old })).rejects.toMatchObject({
    code: "INPUT_INVALID",
  });
});
