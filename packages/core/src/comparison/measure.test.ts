import { describe, expect, test } from "vitest";
import { byName } from "@sluice/models/index.ts";
import { DEFAULT_PRICES } from "../cost/prices.ts";
import { measureAgreement } from "./agreement.ts";
import { costEstimator } from "./cost.ts";
import { judgePrediction } from "./judgment.ts";
import { compareMeasures, measureVersion, type VersionSample } from "./measure.ts";
import { predictionOf } from "./predictions.fixture.ts";

const sample = (
  count: number,
  options: Parameters<typeof predictionOf>[0],
  more: Partial<VersionSample> = {},
) => ({
  version: "aaa",
  served: Array.from({ length: count }, (_, at) => predictionOf({ totalMs: 50 + (at % 50), ...options })),
  failures: 0,
  judgments: [],
  ...more,
});
const costOf = costEstimator(byName("vehicles")!, "serverless", DEFAULT_PRICES);
const compare = (left: VersionSample, right: VersionSample) =>
  compareMeasures(measureVersion(left, costOf, 1), measureVersion(right, costOf, 2));

test("each figure has its interval, and the difference of slower and faster excludes zero", () => {
  const judged = (correct: number, count: number) =>
    Array.from({ length: count }, (_, at) => ({ correct: at < correct, random: true }));
  const rows = compare(
    sample(100, { confidence: 0.8 }, { judgments: judged(40, 80) }),
    sample(60, { confidence: 0.9, totalMs: 400 }, { judgments: judged(60, 60), failures: 20 }),
  );
  expect(rows.map(({ name }) => name)).toEqual([
    "accuracy",
    "confidence",
    "aboveThreshold",
    "failureRate",
    "p50",
    "p95",
    "costPer1000",
  ]);
  const row = (name: string) => rows.find((one) => one.name === name)!;
  expect(row("accuracy")).toMatchObject({
    current: { value: 0.5, count: 80 },
    candidate: { value: 1, count: 60 },
  });
  expect(row("accuracy").difference!.low).toBeGreaterThan(0.3);
  expect(row("failureRate").candidate).toMatchObject({ value: 0.25, count: 80 });
  expect(row("confidence").difference!.value).toBeCloseTo(0.1, 9);
  expect(row("p95").current!.value).toBeCloseTo(97, 0);
  expect(row("p95").candidate).toEqual({ value: 400, low: 400, high: 400, count: 60 });
  expect(row("p50").difference!.low).toBeGreaterThan(300);
  expect(row("costPer1000").difference!.low).toBeGreaterThan(0);
  expect(row("costPer1000").current!.value).toBeGreaterThan(0.001);
  for (const { current, difference } of rows) {
    expect(current!.low).toBeLessThanOrEqual(current!.value);
    expect(current!.high).toBeGreaterThanOrEqual(current!.value);
    expect(difference!.low).toBeLessThanOrEqual(difference!.value);
    expect(difference!.high).toBeGreaterThanOrEqual(difference!.value);
  }
});

test("the same predictions have no difference, and a version without predictions has no figures", () => {
  const same = sample(40, {});
  for (const { difference } of compare(same, same)) expect(difference!.value).toBe(0);
  // The samples of both are independent: the interval is about 1.4 times as wide as that of one version.
  const { current, difference } = compare(same, same).find(({ name }) => name === "p50")!;
  const ratio = (difference!.high - difference!.low) / (current!.high - current!.low);
  expect(ratio).toBeGreaterThan(1);
  expect(ratio).toBeLessThan(2);
  expect(compare(sample(0, {}), sample(0, {}))).toEqual([]);
  expect(compare(sample(1, {}), sample(0, {})).map(({ name }) => name)).toEqual([
    "aboveThreshold",
    "failureRate",
  ]);
});

describe("The cost of 1,000 predictions", () => {
  test("on an instance is the time that they occupy it", () => {
    const estimate = costEstimator(byName("vehicles")!, "realtime", DEFAULT_PRICES);
    const serving = (totalMs: number) => estimate(predictionOf({ totalMs }))!;
    // 1,000 more half seconds of an ml.m5.large.
    expect(serving(1_000) - serving(0)).toBeCloseTo((0.5 * 1_000 * 0.115) / 3_600, 9);
  });

  test("is unknown without a price", () => {
    const prices = { ...DEFAULT_PRICES, hosting: {} };
    expect(costEstimator(byName("vehicles")!, "realtime", prices)(predictionOf())).toBeUndefined();
  });
});

test("two versions agree on files of equal content with the same class", () => {
  const of = (results: [etag: string, name: string][]) =>
    results.map(([etag, name]) => predictionOf({ etag, class: name }));
  const current = of([
    ["1", "car"],
    ["2", "bus"],
    ["3", "car"],
    ["1", "bus"],
  ]);
  const candidate = of([
    ["1", "car"],
    ["2", "truck"],
    ["4", "car"],
  ]);
  expect(measureAgreement(current, candidate)).toMatchObject({ value: 0.5, count: 2 });
  expect(measureAgreement(current, of([["9", "car"]]))).toBeUndefined();
});

test("a resolved review judges a prediction, unless a person requested it", () => {
  const review = { status: "resolved", reason: "rejected", openedAt: "", agreed: true } as const;
  const judge = (more: object) =>
    judgePrediction({ ...predictionOf(), review: { ...review, ...more } }, undefined);
  expect(judge({})).toEqual({ correct: true, random: false });
  expect(judge({ agreed: false })).toEqual({ correct: false, random: false });
  expect(judge({ reason: "requested" })).toBeUndefined();
  expect(judge({ status: "dismissed", agreed: undefined })).toBeUndefined();
  expect(judgePrediction(predictionOf(), undefined)).toBeUndefined();
});
