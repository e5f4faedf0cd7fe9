// Reviews ordered by information, one verdict for near-duplicates, the random share, and certain predictions as labels.
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { db } from "@sluice/core/db.ts";
import { getLabel } from "@sluice/core/label/read.ts";
import { getModel } from "@sluice/core/model/model.ts";
import { processBatch } from "@sluice/core/prediction/batch.ts";
import type { PredictionItem } from "@sluice/core/prediction/prediction.entity.ts";
import { getPrediction } from "@sluice/core/prediction/record.ts";
import { acceptCertain } from "@sluice/core/review/certain.ts";
import { listReviews } from "@sluice/core/review/list.ts";
import { resolveReviews } from "@sluice/core/review/resolve-many.ts";
import { openReview } from "@sluice/core/review/review.ts";
import { isSampled } from "@sluice/core/prediction/sample.ts";
import { byName } from "@sluice/models/index.ts";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { delivery, edges } from "./edges.ts";
import { stage } from "./stage.ts";
import { timesAt } from "../support/prediction-times.ts";

const NOW = Date.parse("2026-11-25T04:00:00Z");
let cloud: Awaited<ReturnType<typeof stage>>;
beforeAll(async () => {
  cloud = await stage();
});
afterAll(() => cloud.dispose());

const embeddingOf = (...values: number[]) => Buffer.from(Int8Array.from(values).buffer).toString("base64");

const put = (id: string, more: Partial<PredictionItem> = {}) =>
  db()
    .entities.prediction.put({
      id,
      model: "vehicles",
      task: "image-classification",
      status: "completed",
      source: { bucket: "uploads", key: `uploads/vehicles/${id}.jpg`, etag: "e1" },
      attempts: 1,
      ...timesAt(new Date(NOW).toISOString()),
      ...more,
    })
    .go();
const open = (id: string, margin: number, ...embedding: number[]) =>
  put(id, {
    status: "rejected",
    summary: { class: "car", margin, embedding: embeddingOf(...embedding) },
    ...openReview({ id, model: "vehicles" }, NOW),
  });

describe("a queue ordered by information", () => {
  const objects = mockClient(S3Client);
  const bus = mockClient(EventBridgeClient);
  beforeEach(() => {
    objects.reset().on(HeadObjectCommand).resolves({});
    bus.reset().on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  });
  afterAll(() => {
    objects.restore();
    bus.restore();
  });

  test("has the smallest margin first, page by page, and collapses near-duplicates", async () => {
    await open("sure", 0.9, 127, 0);
    await open("unsure", 0.1, 127, 1);
    await open("unsure-copy", 0.2, 127, 2);
    await open("other", 0.3, 0, 127);
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listReviews({ model: "vehicles", order: "information", limit: 1, cursor });
      ids.push(...page.items.map(({ id, similar = [] }) => [id, ...similar.toSorted()].join("+")));
      cursor = page.cursor;
    } while (cursor);
    expect(ids).toEqual(["unsure+sure+unsure-copy", "other"]);
    expect(objects.calls()).toEqual([]);
    await expect(
      listReviews({ model: "vehicles", cursor: Buffer.from("{}").toString("base64url") }),
    ).rejects.toMatchObject({ code: "CURSOR_INVALID" });
  });

  test("takes one verdict for a group; a problem of one review does not affect the others", async () => {
    const ids = ["unsure", "unsure-copy", "nobody"];
    const outcome = await resolveReviews({ ids, verdict: { label: "truck" }, by: "ada", now: NOW });
    expect(outcome).toMatchObject([
      { id: "unsure", changed: true },
      { id: "unsure-copy", changed: true },
      { id: "nobody", changed: false, problem: { code: "PREDICTION_UNKNOWN" } },
    ]);
    expect(await getLabel("vehicles", "uploads/vehicles/unsure-copy.jpg")).toMatchObject({ label: "truck" });
  });

  test("certain predictions are proposed, and become labels in one action; nothing counts for the accuracy", async () => {
    const result = (id: string, probability: number) => ({
      id,
      task: "image-classification",
      model: "vehicles",
      modelVersion: "0123456789ab",
      endpoint: "e",
      source: { bucket: "uploads", key: "k" },
      gate: { threshold: 0.9, passed: true },
      timings: {},
      processingTime: 1,
      classifiedAt: new Date(NOW).toISOString(),
      class: "car",
      probability,
      probabilities: [
        { class: "car", probability },
        { class: "truck", probability: 1 - probability },
      ],
      processingSteps: [],
    });
    const evaluation = {
      task: "image-classification",
      samples: 9,
      calibration: { ece: 0, bins: [], temperature: 2 },
    };
    const bodies: Record<string, object> = { "evaluation.json": evaluation };
    objects.on(GetObjectCommand).callsFake(async ({ Key }) => ({
      Body: { transformToString: () => Promise.resolve(JSON.stringify(bodies[Key])) },
    }));
    const at = new Date(NOW).toISOString();
    await db()
      .entities.modelVersion.put({
        model: "vehicles",
        version: "0123456789ab",
        digest: "0123456789ab",
        packageUri: "s3://artifacts/p",
        bytes: 1,
        status: "accepted",
        source: "uploaded",
        manifest: { task: "image-classification", classes: ["car", "truck"], head: "probabilities" },
        evaluation: "done",
        evaluationKey: "evaluation.json",
        createdAt: at,
        changedAt: at,
      })
      .go();
    await db()
      .entities.day.put({ model: "vehicles", day: at.slice(0, 10) })
      .go();
    // At temperature 2, 0.999 is 0.969 and 0.99999 is 0.997.
    for (const [id, probability] of [
      ["certain", 0.99999],
      ["almost", 0.999],
    ] as const) {
      bodies[id] = result(id, probability);
      const confidence = probability;
      await put(id, {
        summary: { class: "car", confidence },
        class: "car",
        confidence,
        resultKey: id,
        modelVersion: "0123456789ab",
      });
    }
    const request = { model: "vehicles", by: "ada", now: NOW };
    const proposed = await acceptCertain(request);
    expect(proposed).toMatchObject({ dryRun: true, checked: 2, items: [{ id: "certain", class: "car" }] });
    expect((await getPrediction("certain")).review).toBeUndefined();
    expect(await acceptCertain({ ...request, dryRun: false })).toMatchObject({ items: [{ id: "certain" }] });
    expect(await getLabel("vehicles", "uploads/vehicles/certain.jpg")).toMatchObject({
      label: "car",
      source: "certain",
    });
    expect((await getPrediction("certain")).review).toMatchObject({ reason: "certain", status: "resolved" });
    expect(await acceptCertain({ ...request, dryRun: false })).toMatchObject({ checked: 1, items: [] });
    expect((await db().entities.truth.get({ prediction: "certain" }).go()).data).toBeNull();
  });
});

test("the random share is close to the declared one, and repeatable", () => {
  const ids = Array.from({ length: 10_000 }, (_, at) => `prd_${at}`);
  const sampled = ids.filter((id) => isSampled(id, 0.05));
  expect(sampled.length).toBeGreaterThan(400);
  expect(sampled.length).toBeLessThan(600);
  expect(ids.filter((id) => isSampled(id, 0.05))).toEqual(sampled);
  expect(ids.filter((id) => isSampled(id, 0))).toEqual([]);
  expect(ids.every((id) => isSampled(id, 1))).toBe(true);
});

test("a confident prediction of the random share opens a review in the same transaction", async () => {
  const { works, events } = edges();
  works();
  const monitoring = byName("vehicles")!.monitoring!;
  const { review } = monitoring;
  Object.assign(monitoring, { review: 1 });
  onTestFinished(() => void Object.assign(monitoring, { review }));
  const limits = { deadline: Date.now() + 60_000, maxReceives: 5, concurrency: 1 };
  expect(
    await processBatch(getModel("vehicles"), [delivery("uploads/vehicles/sampled.jpg")], limits),
  ).toEqual([]);
  const requested = events().find(({ type }) => type === "review.requested");
  expect(requested).toMatchObject({ detail: { status: "completed", reason: "sampled" } });
  const prediction = await getPrediction(requested!.detail.id);
  expect(prediction).toMatchObject({
    status: "completed",
    summary: { margin: 0.9625 },
    review: { status: "open", reason: "sampled", sampled: true },
  });
});
