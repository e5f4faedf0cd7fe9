// The scheduled monitor on synthetic captures: windows, baselines and reports over the wire.
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { listEvents } from "@sluice/core/event/list.ts";
import { listReports } from "@sluice/core/monitor/read.ts";
import { monitorNow, monitorOnSchedule, rebuildBaseline } from "@sluice/core/monitor/run.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { captureBody, putCaptures, serveVersion } from "../support/captures.ts";
import { graphWithoutSchedules, startStage, type Stage } from "../support/cloud.ts";

const model = "cats";
const version = "aaaaaaaaaaaa";
const day = (number: number, time = "00:00:00") => Date.parse(`2026-11-0${number}T${time}Z`);
const NO_DEADLINE = Number.MAX_SAFE_INTEGER;

let stage: Stage;
beforeAll(async () => {
  process.env["SLUICE_LOG_LEVEL"] = "ERROR";
  stage = await startStage(graphWithoutSchedules());
  await serveVersion(model, version, "2026-11-01T00:00:00.000Z");
}, 60_000);
afterAll(() => stage.dispose());

const printed: string[] = [];
const runtimeAt = (now: number) => ({
  print: (line: string) => void printed.push(line),
  now: () => now,
  random: () => 1,
  sleep: () => Promise.resolve(),
});
/** A quarter past midnight: the hours of the day before are complete. */
const runOn = (number: number) => monitorOnSchedule(model, NO_DEADLINE, runtimeAt(day(number, "00:15:00")));

async function readFile(key: string) {
  const { Body } = await stage.s3.send(new GetObjectCommand({ Bucket: stage.results, Key: key }));
  return JSON.parse(await Body!.transformToString());
}
const keysOf = async (Prefix: string) => {
  const { Contents = [] } = await stage.s3.send(new ListObjectsV2Command({ Bucket: stage.results, Prefix }));
  return Contents.map(({ Key }) => Key!);
};

test("a version with too few captures has no baseline, and its report says how many are missing", async () => {
  await putCaptures(stage, { model, version, count: 12, at: day(1, "09:00:00"), name: "early" });
  expect(await runOn(2)).toMatchObject({
    status: "insufficient",
    reason: `Version ${version} has no baseline yet: 12 of 500 predictions are captured.`,
    findings: [],
  });
});

test("a time limit stops before the report, and the next run continues with the stored hours", async () => {
  await putCaptures(stage, { model, version, count: 600, at: day(2, "10:00:00"), name: "base" });
  // The clock moves with each look at it, so that the time ends between two hours.
  let now = day(3, "00:15:00");
  const slow = { ...runtimeAt(now), now: () => (now += 1_000) };
  expect(await monitorOnSchedule(model, now + 65_000, slow)).toBeUndefined();
  const stored = await keysOf(`monitoring-hours/${model}/`);
  expect(stored.length).toBeGreaterThan(0);
  expect(stored.length).toBeLessThan(13);
  // The first 500 captures are the baseline, so the window has the rest: 12 + 600 - 500.
  expect(await runOn(3)).toMatchObject({ status: "ok", count: 112, trigger: "schedule" });
  expect(await keysOf(`monitoring-hours/${model}/${version}/2026-11-02T`)).toHaveLength(13);
});

test("dark pictures are drift: a report, its files, one event and metrics, however often it runs", async () => {
  const dark = { model, version, count: 400, at: day(3, "12:10:00"), brightness: 40, name: "dark" };
  const [first] = captureBody({ ...dark, count: 30 });
  await putCaptures(stage, { ...dark, extra: `${first!.body}no capture\n{"captureData":{}}\n` });
  await putCaptures(stage, { ...dark, version: "bbbbbbbbbbbb", count: 20, name: "other" });
  printed.length = 0;
  const [report, concurrent] = await Promise.all([runOn(4), runOn(4)]);
  expect(report).toMatchObject({
    status: "drift",
    modelVersion: version,
    count: 400,
    malformed: 2,
    duplicates: 30,
    otherVersions: { bbbbbbbbbbbb: 20 },
    from: "2026-11-03T00:00:00.000Z",
    to: "2026-11-04T00:00:00.000Z",
    reason: expect.stringMatching(/^Brightness changed \(median 1\d\d(\.\d)? to [34]\d/),
    harm: { metric: "accuracy", estimated: expect.any(Number) },
    examples: { window: expect.arrayContaining([expect.stringMatching(/^prd_dark/)]) },
  });
  expect(concurrent!.id).toBe(report!.id);
  expect(await runOn(4)).toBeUndefined();
  const { items } = await listEvents({ subject: model, type: "drift.detected" }, day(5));
  expect(items).toMatchObject([
    { detail: { id: report!.id, findings: [{ name: "brightness", group: "inputs" }] } },
  ]);
  const metrics = printed.map((line) => JSON.parse(line)).filter(({ _aws }) => _aws);
  expect(metrics).toMatchObject([{ model, drift: 1, monitoredPredictions: 400, "drift.width": 0 }]);

  const { violations } = await readFile(`${report!.key}constraint_violations.json`);
  expect(violations).toMatchObject([
    { feature_name: "brightness", constraint_check_type: "baseline_drift_check" },
  ]);
  const { dataset, features } = await readFile(`${report!.key}statistics.json`);
  expect(dataset).toEqual({ item_count: 400 });
  const brightness = features.find(({ name }: { name: string }) => name === "brightness");
  const { buckets } = brightness.numerical_statistics.distribution.kll;
  expect(buckets.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(400);
  const constraints = await readFile(`${report!.key}constraints.json`);
  expect(constraints.features.map(({ name }: { name: string }) => name)).toEqual(
    expect.arrayContaining(["brightness", "confidence", "class"]),
  );
});

test("an empty window, and one with ten predictions, are insufficient; the next window includes them", async () => {
  expect(await runOn(5)).toMatchObject({
    status: "insufficient",
    count: 0,
    reason: "No predictions were captured.",
  });
  await putCaptures(stage, { model, version, count: 10, at: day(5, "08:00:00"), name: "few" });
  expect(await runOn(6)).toMatchObject({
    status: "insufficient",
    count: 10,
    from: "2026-11-04T00:00:00.000Z",
  });
  await putCaptures(stage, { model, version, count: 90, at: day(6, "08:59:00"), name: "more" });
  expect(await runOn(7)).toMatchObject({ status: "ok", count: 100, from: "2026-11-04T00:00:00.000Z" });
});

test("a manual run compares since the latest report, and the schedule ignores it", async () => {
  const dark = { model, version, count: 60, at: day(7, "10:00:00"), brightness: 30, name: "noon" };
  await putCaptures(stage, dark);
  const now = runtimeAt(day(7, "10:05:00"));
  const report = await monitorNow(model, NO_DEADLINE, now);
  expect(report).toMatchObject({
    status: "drift",
    trigger: "manual",
    count: 60,
    to: "2026-11-07T10:01:00.000Z",
  });
  expect(await monitorNow(model, NO_DEADLINE, now)).toMatchObject({ status: "insufficient", count: 0 });
  // The same prediction captured again in the next hour, by a retry.
  await putCaptures(stage, { ...dark, count: 40, at: day(7, "10:59:40"), name: "edge" });
  await putCaptures(stage, { ...dark, count: 40, at: day(7, "11:00:05"), name: "edge" });
  expect(await runOn(8)).toMatchObject({ count: 100, duplicates: 40, from: "2026-11-07T00:00:00.000Z" });
});

test("a rebuilt baseline makes the latest predictions normal", async () => {
  const built = await rebuildBaseline(model, 90, NO_DEADLINE, runtimeAt(day(8, "01:00:00")));
  expect(built).toMatchObject({ baseline: { source: "captured", window: { count: 90 } } });
  const later = { model, version, count: 80, at: day(8, "02:00:00"), brightness: 30, name: "later" };
  await putCaptures(stage, later);
  expect(await runOn(9)).toMatchObject({ status: "ok", count: 80 });
  const { items } = await listReports({ model });
  expect(items.map(({ status }) => status)).toEqual([
    "ok",
    "drift",
    "insufficient",
    "drift",
    "ok",
    "insufficient",
    "insufficient",
    "drift",
    "ok",
    "insufficient",
  ]);
});

test("without a live version nothing is monitored, and a manual run says so", async () => {
  expect(await monitorOnSchedule("drones", NO_DEADLINE, runtimeAt(day(9)))).toBeUndefined();
  await expect(monitorNow("drones", NO_DEADLINE, runtimeAt(day(9)))).rejects.toMatchObject({
    code: "LIVE_VERSION_MISSING",
  });
  await expect(monitorNow("horses", NO_DEADLINE, runtimeAt(day(9)))).rejects.toMatchObject({
    code: "MODEL_UNKNOWN",
  });
});
