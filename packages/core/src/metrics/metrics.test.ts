import { expect, test } from "vitest";
import { vehicles } from "@sluice/models/vehicles.ts";
import type { Ending } from "../prediction/finish.ts";
import { predictionMetrics } from "./metrics.ts";

test("names every class of a crowded picture, at most a hundred metrics a directive", () => {
  const classes = Array.from({ length: 250 }, (_, index) => `class-${index}`);
  const ending = {
    candidate: { id: "prd_1", model: vehicles },
    status: "completed",
    summary: { total: 250, countPerClass: Object.fromEntries(classes.map((name) => [name, 1])) },
  } as unknown as Ending;
  const line = JSON.parse(predictionMetrics(ending, 0)) as {
    _aws: { CloudWatchMetrics: { Namespace: string; Metrics: { Name: string }[] }[] };
  };
  const { CloudWatchMetrics: directives } = line._aws;
  for (const { Namespace, Metrics } of directives) {
    expect(Namespace).toBe("Sluice");
    expect(Metrics.length).toBeLessThanOrEqual(100);
  }
  const named = directives.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  expect(named).toEqual(expect.arrayContaining(classes.map((name) => `class.${name}`)));
  expect(new Set(named).size).toBe(named.length);
});
