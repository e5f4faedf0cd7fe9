import { expect, test } from "vitest";
import type { PredictionOutcome } from "../prediction/write-outcomes.ts";
import { predictionMetrics } from "./metrics.ts";

const named = (count: number) => Array.from({ length: count }, (_, index) => `class-${index}`);

/** The log line of an image with each of the model's classes, and an undeclared one. */
function lineOf(classes: string[]) {
  const countPerClass = Object.fromEntries([...classes, "invented"].map((name) => [name, 2]));
  const outcome = {
    prediction: { id: "prd_1", model: { name: "crowds", classes } },
    status: "completed",
    summary: { total: 2 * classes.length, countPerClass },
  } as unknown as PredictionOutcome;
  const line = JSON.parse(predictionMetrics(outcome, 0));
  const [directive, ...more] = line._aws.CloudWatchMetrics as { Metrics: { Name: string }[] }[];
  expect(more).toEqual([]);
  return { line, metrics: directive!.Metrics.map(({ Name }) => Name) };
}

test("declared classes are metrics, other classes are only in the log", () => {
  const { line, metrics } = lineOf(named(20));
  expect(metrics).toEqual(["completed", "detections", ...named(20).map((name) => `class.${name}`)]);
  expect(line["class.invented"]).toBe(2);
});

test("the counts of a model with many classes are only in the log", () => {
  const { line, metrics } = lineOf(named(21));
  expect(metrics).toEqual(["completed", "detections"]);
  expect(line["class.class-20"]).toBe(2);
});
