// The A/B report of two versions that shared the traffic, from the records that the queue wrote.
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { importGroundTruth } from "@sluice/core/accuracy/import.ts";
import { compareVersions } from "@sluice/core/comparison/report.ts";
import { readPeriod } from "@sluice/core/comparison/read.ts";
import { db } from "@sluice/core/db.ts";
import { getPrediction } from "@sluice/core/prediction/record.ts";
import { shareOf } from "@sluice/core/traffic/route.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { expectErrorLog } from "../support/error-log.ts";
import { batchTests } from "./batch.ts";
import { answer, delivery, failure } from "./edges.ts";

const { models, objects, time, run, id } = batchTests();
const model = "vehicles";
const [live, candidate] = ["0a1b2c", "4d5e6f"];
const SHARE = 40;
const DAYS = ["2026-11-20T23:00:00Z", "2026-11-21T04:00:00Z"];
const PER_DAY = 60;
const now = Date.parse("2026-11-21T12:00:00Z");

const keys = DAYS.flatMap((day) =>
  Array.from({ length: PER_DAY }, (_, at) => ({
    day,
    key: `uploads/vehicles/${day.slice(0, 10)}-${at}.png`,
  })),
);
const isOfCandidate = (key: string) => shareOf(id(key)) < SHARE;
const failing = keys.filter(({ key }) => isOfCandidate(key)).slice(0, 2);

const traffic = (fields: object) =>
  db()
    .entities.traffic.put({
      model,
      version: live,
      endpoint: "live",
      target: "serverless",
      changedAt: DAYS[0]!,
      ...fields,
    })
    .go();

/** The threshold is 0.93. */
function respond(version: string, confidence = 0.97) {
  return { Body: Buffer.from(JSON.stringify({ ...answer(confidence), version })) };
}

beforeAll(async () => {
  time.now = Date.parse(DAYS[0]!);
  await traffic({
    deployment: "dep_1",
    candidate: { version: candidate, endpoint: "next", target: "serverless", share: SHARE, since: DAYS[0]! },
  });
});

async function process(list: typeof keys) {
  for (let at = 0; at < list.length; at += 10)
    await run(list.slice(at, at + 10).map(({ day, key }) => delivery(key, 1, day)));
}

async function review(list: typeof keys, correct: number) {
  for (const [at, { key }] of list.entries())
    await db()
      .entities.prediction.patch({ id: id(key) })
      .set({
        review: { status: "resolved", reason: "rejected", openedAt: DAYS[0]!, agreed: at < correct },
      })
      .go();
}

describe("The report of two versions that share the traffic", () => {
  test("counts what each served, and the fallbacks of the candidate", async () => {
    let failures = 0;
    models.on(InvokeEndpointCommand).callsFake(({ EndpointName, InferenceId }) => {
      if (EndpointName === "live") return respond(live);
      if (!failing.some(({ key }) => id(key) === InferenceId)) return respond(candidate, 0.9);
      failures += 1;
      throw failure("ModelError", "", {
        OriginalStatusCode: 500,
        OriginalMessage: '{"code":"MODEL_FAILED"}',
      });
    });
    await process(keys);
    expect(failures).toBe(failing.length);
    expect(await getPrediction(id(failing[0]!.key))).toMatchObject({
      modelVersion: live,
      fallbackFrom: candidate,
    });

    const shared = keys.filter(({ key }) => isOfCandidate(key));
    const report = await compareVersions({ model, now });
    expect(report).toMatchObject({
      current: {
        version: live,
        predictions: keys.length - shared.length + failing.length,
        failures: 0,
        judged: 0,
      },
      candidate: { version: candidate, predictions: shared.length - failing.length, failures: 2 },
      read: { predictions: keys.length, complete: true },
      recommendation: { decision: "wait" },
      notes: [],
    });
    const rows = new Map(report.rows.map((row) => [row.name, row]));
    expect(rows.get("aboveThreshold")).toMatchObject({ current: { value: 1 }, candidate: { value: 0 } });
    expect(rows.get("aboveThreshold")!.difference!.high).toBeLessThan(-0.8);
    expect(rows.get("failureRate")!.candidate!.value).toBeCloseTo(2 / shared.length, 9);
    expect(rows.get("confidence")).toMatchObject({
      current: { value: expect.closeTo(0.97, 9) },
      candidate: { value: expect.closeTo(0.9, 9) },
    });
    expect(rows.get("p95")!.current!.value).toBeGreaterThan(0);
    expect(rows.get("costPer1000")!.current!.value).toBeGreaterThan(0);
    // The test's uploads have equal content.
    expect(report.agreement).toMatchObject({ value: 1, count: 1 });
  }, 60_000);

  test("compares the accuracy of reviews, and advises against a candidate that is wrong more often", async () => {
    const failed = new Set(failing);
    const ofCandidate = keys.filter((one) => isOfCandidate(one.key) && !failed.has(one)).slice(0, 35);
    const ofLive = keys.filter(({ key }) => !isOfCandidate(key)).slice(0, 35);
    await review(ofLive, 34);
    await review(ofCandidate, 10);
    const report = await compareVersions({ model, now });
    expect(report.rows[0]).toMatchObject({
      name: "accuracy",
      current: { count: 35, value: 34 / 35 },
      candidate: { count: 35, value: 10 / 35 },
    });
    expect(report.recommendation).toEqual({
      decision: "keep",
      explanation: expect.stringMatching(/^The accuracy of 4d5e6f is 28\.6 % .* clearly below 97\.1 %/),
    });
    expect(report.notes).toEqual([expect.stringContaining("below the threshold of 93 %")]);
  }, 30_000);

  test("takes ground truth before reviews", async () => {
    const ofLive = keys.filter(({ key }) => !isOfCandidate(key)).slice(0, 35);
    objects.on(HeadObjectCommand).resolves({});
    const rows = ofLive.map(({ key }) => ({ predictionId: id(key), label: "truck" }));
    expect(await importGroundTruth({ rows, now })).toMatchObject({ added: 35 });
    const { rows: compared } = await compareVersions({ model, now });
    expect(compared[0]).toMatchObject({ name: "accuracy", current: { count: 35, value: 0 } });
  }, 30_000);

  test("has another period and any two versions on request", async () => {
    for (const version of [live, candidate])
      await db()
        .entities.modelVersion.put({
          model,
          version,
          digest: version,
          packageUri: "s3://artifacts/x",
          bytes: 1,
          manifest: { task: "image-classification", classes: ["car", "truck"], head: "softmax" },
          source: "uploaded",
          evaluation: "none",
          status: "accepted",
          createdAt: DAYS[0]!,
          changedAt: DAYS[0]!,
        })
        .go();
    const from = "2026-11-21T00:00:00Z";
    const swapped = await compareVersions({ model, now, from, versions: "4d5e,0a1b" });
    expect(swapped).toMatchObject({
      from: "2026-11-21T00:00:00.000Z",
      current: { version: candidate },
      candidate: { version: live },
      read: { predictions: PER_DAY },
    });
    const empty = await compareVersions({
      model,
      now,
      to: "2026-11-19T00:00:00Z",
      from: "2026-11-18T00:00:00Z",
    });
    expect(empty).toMatchObject({ rows: [], recommendation: { decision: "wait" } });
    const wrong = [
      { from: "2026-11-21T13:00:00Z" },
      { from: "2026-10-01T00:00:00Z" },
      { versions: "0a1b2c" },
    ];
    for (const query of wrong)
      await expect(compareVersions({ model, now, ...query })).rejects.toMatchObject({
        code: "INPUT_INVALID",
      });
    await expect(compareVersions({ model, now, versions: "0a,ffff" })).rejects.toMatchObject({
      code: "VERSION_UNKNOWN",
    });
  });

  test("compares with the version before when there is no candidate", async () => {
    await traffic({});
    const report = await compareVersions({ model, now });
    expect(report).toMatchObject({ current: { version: live }, candidate: { version: candidate } });
  });

  test("reads at most its limit, newest first", async () => {
    const period = { model, from: DAYS[0]!, to: new Date(now).toISOString() };
    const limited = await readPeriod(period, PER_DAY + 5);
    expect(limited).toMatchObject({ complete: false });
    expect(limited.items).toHaveLength(PER_DAY + 5);
    expect(limited.items.filter(({ createdAt }) => createdAt.startsWith("2026-11-21"))).toHaveLength(PER_DAY);
    const all = await readPeriod(period);
    expect(new Set(all.items.map((item) => item.id)).size).toBe(keys.length);
    expect(all.complete).toBe(true);
  });

  test("counts failed predictions of the version whose endpoint failed", async () => {
    expectErrorLog(/"code":"MODEL_FAILED"/);
    models
      .on(InvokeEndpointCommand)
      .rejects(
        failure("ModelError", "", { OriginalStatusCode: 500, OriginalMessage: '{"code":"MODEL_FAILED"}' }),
      );
    await run([delivery("uploads/vehicles/poison.png", 1, DAYS[1])]);
    expect(await compareVersions({ model, now })).toMatchObject({ current: { version: live, failures: 1 } });
  });
});
