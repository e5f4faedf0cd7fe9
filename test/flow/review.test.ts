// Predictions below the threshold, or for which a review was requested, are reviewed by a person; the verdict becomes a label.
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, HeadObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { db } from "@sluice/core/db.ts";
import { countLabels, getLabel } from "@sluice/core/label/read.ts";
import { setLabel } from "@sluice/core/label/set.ts";
import type { PredictionItem } from "@sluice/core/prediction/prediction.entity.ts";
import { getPrediction } from "@sluice/core/prediction/record.ts";
import { listReviews } from "@sluice/core/review/list.ts";
import { requestReview } from "@sluice/core/review/request.ts";
import { openReview, type Review } from "@sluice/core/review/review.ts";
import { resolveReview } from "@sluice/core/review/resolve.ts";
import { trace } from "@sluice/core/trace/walk.ts";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { failure } from "./edges.ts";
import { stage } from "./stage.ts";

const NOW = Date.parse("2026-11-21T04:00:00Z");
const at = (minute: number) => new Date(NOW + minute * 60_000).toISOString();

let cloud: Awaited<ReturnType<typeof stage>>;
const bus = mockClient(EventBridgeClient);
const objects = mockClient(S3Client);
beforeAll(async () => {
  cloud = await stage();
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
});
afterAll(() => cloud.dispose());
beforeEach(() => void objects.reset().on(HeadObjectCommand).resolves({}));

const predicted = (id: string, minute: number, more: Partial<PredictionItem> = {}) => {
  const [createdAt, day] = [at(minute), at(minute).slice(0, 10)];
  return db()
    .entities.prediction.put({
      id,
      model: "vehicles",
      task: "image-classification",
      status: "completed",
      source: { bucket: "uploads", key: `uploads/vehicles/${id}.jpg`, etag: "e1" },
      summary: { class: "car", confidence: 0.97, threshold: 0.93 },
      image: { width: 100, height: 50 },
      attempts: 1,
      createdAt,
      day,
      bucket: day,
      changedAt: createdAt,
      changedDay: day,
      ...more,
    })
    .go();
};
const rejected = (id: string, minute: number, more: Partial<PredictionItem> = {}) =>
  predicted(id, minute, {
    status: "rejected",
    ...openReview({ id, model: more.model ?? "vehicles" }, NOW + minute * 60_000),
    ...more,
  });
const say = (id: string, verdict: Parameters<typeof resolveReview>[0]["verdict"], by = "ada") =>
  resolveReview({ id, verdict, by, now: NOW + 3_600_000 });
const ask = (id: string) => requestReview({ id, note: "looks odd", by: "bob", now: NOW + 60_000 });
const told = (type: string) =>
  bus
    .commandCalls(PutEventsCommand)
    .map((call) => call.args[0].input.Entries![0]!)
    .filter(({ DetailType }) => DetailType === type)
    .map(({ Detail }) => JSON.parse(Detail!));

test("a list has the open reviews, newest of a model first, page by page", async () => {
  for (const minute of [1, 3, 2]) await rejected(`line-${minute}`, minute);
  await rejected("line-cats", 4, { model: "cats" });
  await predicted("line-sure", 5);
  const walk = async (model?: string) => {
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listReviews({ model, limit: 2, cursor });
      expect(page.items.length).toBeLessThanOrEqual(2);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor);
    return found;
  };
  expect(await walk("vehicles")).toEqual(["line-3", "line-2", "line-1"]);
  expect((await walk()).toSorted()).toEqual(["line-1", "line-2", "line-3", "line-cats"]);
  for (const id of ["line-1", "line-2", "line-3", "line-cats"]) await say(id, { dismiss: true });
  expect(await walk()).toEqual([]);
  await expect(listReviews({ cursor: "nonsense" })).rejects.toMatchObject({ code: "CURSOR_INVALID" });
});

test("a review is requested once; its verdict becomes a label, with event and trace", async () => {
  await predicted("asked", 1);
  expect(await ask("asked")).toMatchObject({
    changed: true,
    prediction: { review: { status: "open", reason: "requested", requestedBy: "bob", note: "looks odd" } },
  });
  expect(await ask("asked")).toMatchObject({ changed: false });
  expect(told("review.requested")).toMatchObject([{ id: "asked", requestedBy: "bob" }]);

  const before = (await countLabels("vehicles")).total;
  const { changed, prediction } = await say("asked", { label: "truck" });
  const review = { status: "resolved", label: "truck", agreed: false, endedBy: "ada" };
  expect({ changed, review: prediction.review }).toMatchObject({ changed: true, review });
  expect(await getPrediction("asked")).toEqual(prediction);
  const key = "uploads/vehicles/asked.jpg";
  expect(await getLabel("vehicles", key)).toMatchObject({
    label: "truck",
    source: "review",
    annotator: "ada",
    image: { width: 100, height: 50 },
  });
  expect((await countLabels("vehicles")).total).toBe(before + 1);
  expect(told("labels.changed").at(-1)).toMatchObject({ added: 1, source: "review", keys: [key] });
  expect((await listReviews({ model: "vehicles" })).items).toEqual([]);

  const links = (await trace("asked", NOW + 7_200_000)).links.map(({ kind, id, from }) => [kind, id, from]);
  expect(links).toEqual([
    ["label", key, "asked"],
    ["prediction", "asked", undefined],
    ["review", "asked", "asked"],
  ]);
  objects.on(ListObjectVersionsCommand).resolves({});
  expect((await trace(key, NOW + 7_200_000)).links.map(({ kind }) => kind)).toEqual([
    "label",
    "prediction",
    "review",
  ]);
});

test("a repeated verdict changes nothing; another verdict fails and names the first reviewer", async () => {
  await rejected("twice", 1);
  expect(await say("twice", { agree: true })).toMatchObject({
    changed: true,
    prediction: { review: { label: "car", agreed: true } },
  });
  objects.on(HeadObjectCommand).rejects(failure("NotFound"));
  expect(await say("twice", { label: "car" }, "bob")).toMatchObject({ changed: false });
  objects.on(HeadObjectCommand).resolves({});
  const over = {
    code: "REVIEW_CLOSED",
    message: expect.stringContaining("ada resolved it as car (confirmed) at"),
  };
  await expect(say("twice", { label: "bus" }, "bob")).rejects.toMatchObject(over);
  await expect(say("twice", { dismiss: true }, "bob")).rejects.toMatchObject(over);
  await expect(ask("twice")).rejects.toMatchObject({ code: "REVIEW_CLOSED" });
});

test("concurrent verdicts have one winner and one label", async () => {
  await rejected("race", 1);
  const before = (await countLabels("vehicles")).total;
  const verdicts = [{ label: "truck" }, { label: "bus" }, { dismiss: true as const }];
  const all = await Promise.allSettled(verdicts.map((verdict, index) => say("race", verdict, `r${index}`)));
  expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  const winner = all.findIndex(({ status }) => status === "fulfilled");
  for (const lost of all)
    if (lost.status === "rejected")
      expect(lost.reason).toMatchObject({
        code: "REVIEW_CLOSED",
        message: expect.stringContaining(`r${winner}`),
      });
  const label = await getLabel("vehicles", "uploads/vehicles/race.jpg").catch(() => undefined);
  expect(label?.label).toBe(verdicts[winner]!.label);
  expect((await countLabels("vehicles")).total).toBe(before + (label ? 1 : 0));
});

test("a verdict equal to the existing label resolves the review", async () => {
  await rejected("known", 1);
  const key = "uploads/vehicles/known.jpg";
  await setLabel({ model: "vehicles", annotator: "eve", now: NOW, request: { key, label: "car" } });
  const events = told("labels.changed").length;
  expect(await say("known", { agree: true })).toMatchObject({ changed: true });
  expect(told("labels.changed")).toHaveLength(events);
  expect((await getPrediction("known")).review?.status).toBe("resolved");
});

test("a verdict for object detection has boxes inside the image, or agrees with the detections", async () => {
  const more = { model: "drones", task: "object-detection" as const, resultKey: "r.json" };
  const box = { class: "drone", x: 10, y: 10, width: 20, height: 20 };
  await rejected("boxed", 1, more);
  await expect(say("boxed", { boxes: [{ ...box, x: 90 }] })).rejects.toThrow(
    /boxes\.0 \(drone\): it is outside the image of 100/,
  );
  await expect(say("boxed", { boxes: [{ ...box, width: 0 }] })).rejects.toThrow(/0 by 20 pixels/);
  await expect(say("boxed", { boxes: [{ ...box, class: "cow" }] })).rejects.toThrow(/"cow" is not one of/);
  await expect(say("boxed", { label: "drone" })).rejects.toThrow(/consists of boxes/);
  const { class: name, ...where } = box;
  const result = {
    id: "boxed",
    model: "drones",
    modelVersion: "v",
    endpoint: "e",
    task: "object-detection",
    source: { bucket: "uploads", key: "k" },
    gate: { threshold: 0.5, passed: false },
    timings: {},
    processingTime: 1,
    detectedAt: at(1),
    image: { width: 100, height: 50 },
    detections: [{ class: name, confidence: 0.9, box: where, area: 400 }],
    doubtful: [],
    statistics: { total: 1, averageConfidence: 0.9, countPerClass: {}, processingSteps: [] },
  };
  const body = { transformToString: () => Promise.resolve(JSON.stringify(result)) };
  objects.on(GetObjectCommand).resolves({ Body: body as never });
  expect(await say("boxed", { agree: true })).toMatchObject({
    prediction: { review: { boxes: 1, agreed: true } },
  });
  expect(await say("boxed", { boxes: [box] })).toMatchObject({ changed: false });
  const { boxes } = await getLabel("drones", "uploads/vehicles/boxed.jpg");
  expect(boxes).toEqual([{ ...box, extra: { detection: expect.stringMatching(/^det_[0-9a-f]{12}$/) } }]);
});

test("a box rounded outwards by a pixel is clipped; one further outside is rejected with its number", async () => {
  await rejected("rounded", 1, { model: "drones", task: "object-detection" });
  const box = { class: "drone", x: -1, y: 10, width: 20, height: 41 };
  await expect(say("rounded", { boxes: [box, { ...box, x: -1.01 }] })).rejects.toThrow(/boxes\.1 \(drone\)/);
  await say("rounded", { boxes: [box] });
  const { boxes } = await getLabel("drones", "uploads/vehicles/rounded.jpg");
  expect(boxes).toEqual([{ class: "drone", x: 0, y: 10, width: 19, height: 40 }]);
});

test("a verdict on a text stores the text in its label", async () => {
  const text = "pay in cash, no receipt";
  await rejected("text", 1, { model: "compliance", task: "text-classification", image: undefined });
  objects
    .on(GetObjectCommand)
    .callsFake(() => ({ Body: { transformToByteArray: () => Promise.resolve(Buffer.from(text)) } }));
  const { prediction } = await say("text", { label: "violation" });
  const { key } = prediction.review!;
  expect(key).toMatch(/^text\/[0-9a-f]{16}$/);
  expect(await getLabel("compliance", key!)).toMatchObject({ text, label: "violation", source: "review" });
});

test("a verdict that cannot be stored has an error with a fix", async () => {
  await predicted("waits", 1, { status: "processing", bucket: "open" });
  await predicted("never", 1);
  // As it was written before reviews had an end.
  await predicted("old", 1, { status: "rejected", review: true as unknown as Review });
  expect(await ask("old")).toMatchObject({ changed: true });
  await rejected("gone", 1);
  await expect(ask("waits")).rejects.toMatchObject({ code: "REVIEW_IMPOSSIBLE" });
  await expect(ask("nobody")).rejects.toMatchObject({ code: "PREDICTION_UNKNOWN" });
  await expect(say("never", { label: "car" })).rejects.toMatchObject({ code: "REVIEW_NOT_REQUESTED" });
  await expect(say("gone", { label: "boat" })).rejects.toThrow(/"boat" is not one of car/);
  await expect(say("gone", {})).rejects.toThrow(/one of label, boxes, agree and dismiss/);
  await expect(say("gone", { label: "car", agree: true })).rejects.toThrow(/one of label/);
  objects.on(HeadObjectCommand).rejects(failure("NotFound"));
  await expect(say("gone", { label: "car" })).rejects.toMatchObject({
    code: "OBJECT_GONE",
    hint: expect.stringContaining("dismiss the review"),
  });
  const overwritten = failure("Unknown", "412", { $metadata: { httpStatusCode: 412 } });
  objects.on(HeadObjectCommand).rejects(overwritten);
  await expect(say("gone", { label: "car" })).rejects.toMatchObject({ code: "OBJECT_CHANGED" });
  expect(await say("gone", { dismiss: true })).toMatchObject({ changed: true });
  expect(await say("gone", { dismiss: true }, "bob")).toMatchObject({ changed: false });
});
