// The real accuracy by week, from late ground truth and from reviews.
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { createApp } from "@sluice/api/app.ts";
import { weekOf } from "@sluice/core/accuracy/accuracy.ts";
import { importGroundTruth } from "@sluice/core/accuracy/import.ts";
import { readAccuracy } from "@sluice/core/accuracy/read.ts";
import { db } from "@sluice/core/db.ts";
import { listEvents } from "@sluice/core/event/list.ts";
import { getLabel } from "@sluice/core/label/read.ts";
import { setLabel } from "@sluice/core/label/set.ts";
import { predictionId } from "@sluice/core/prediction/id.ts";
import { openReview } from "@sluice/core/review/review.ts";
import { resolveReview } from "@sluice/core/review/resolve.ts";
import { createToken } from "@sluice/core/token/manage.ts";
import { byName } from "@sluice/models/index.ts";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import { failure } from "./edges.ts";
import { stage } from "./stage.ts";
import { timesAt } from "../support/prediction-times.ts";

const NOW = Date.parse("2026-11-25T04:00:00Z");
const WEEK = "2026-11-23T00:00:00.000Z";
const objects = mockClient(S3Client);
const bus = mockClient(EventBridgeClient);
let cloud: Awaited<ReturnType<typeof stage>>;
beforeAll(async () => {
  cloud = await stage();
});
afterAll(() => cloud.dispose());
beforeEach(async () => {
  objects.reset().on(HeadObjectCommand).resolves({ VersionId: "v1", ETag: '"e1"' });
  bus.reset().on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  const { data } = await db().entities.accuracyWeek.query.byModel({ model: "vehicles" }).go();
  if (data.length > 0) await db().entities.accuracyWeek.delete(data).go();
});

let number = 0;
async function predicted(more: object = {}): Promise<string> {
  number += 1;
  const key = `uploads/vehicles/${number}.jpg`;
  const source = { bucket: "uploads", key, versionId: "v1", etag: "e1" };
  const id = predictionId({ ...source, model: "vehicles" });
  await db()
    .entities.prediction.put({
      id,
      model: "vehicles",
      task: "image-classification",
      status: "completed",
      source,
      modelVersion: "v1",
      summary: { class: "car", confidence: 0.97, threshold: 0.93 },
      attempts: 1,
      ...timesAt(new Date(NOW).toISOString()),
      ...more,
    })
    .go();
  return id;
}
const underReview = (id: string, sampled = false) => ({
  status: "rejected",
  ...openReview({ id, model: "vehicles" }, NOW, { reason: "rejected", sampled }),
});
const add = (rows: Record<string, unknown>[], now = NOW) => importGroundTruth({ rows, now });
const week = async () => (await readAccuracy({ model: "vehicles" })).weeks[0];

test.each([
  ["2026-11-23T00:00:00.000Z", "2026-11-23"],
  ["2026-11-29T23:59:59.999Z", "2026-11-23"],
  ["2026-11-30T00:00:00.000Z", "2026-11-30"],
  ["1970-01-01T00:00:00.000Z", "1969-12-29"],
])("the week of %s starts on %s", (instant, monday) => {
  expect(weekOf(instant)).toBe(monday);
});

test("rows are joined by id or key, bad rows are reported, and a repeated import changes nothing", async () => {
  const [first, second] = [await predicted(), await predicted()];
  const rows = [
    { predictionId: first, label: "car" },
    { key: `uploads/vehicles/${number}.jpg`, label: "truck" },
    { predictionId: "prd_unknown", label: "car" },
    { predictionId: first },
    { predictionId: first, label: "cat" },
    { key: "uploads/vehicles/other.jpg", label: "car" },
  ];
  const outcome = await add(rows);
  expect(outcome).toMatchObject({ added: 2, changed: 0, unchanged: 0, older: 0 });
  expect(outcome.problems.map(({ row, code }) => [row, code])).toEqual([
    [3, "PREDICTION_UNKNOWN"],
    [4, "INPUT_INVALID"],
    [5, "INPUT_INVALID"],
    [6, "PREDICTION_UNKNOWN"],
  ]);
  const before = await week();
  expect(before).toMatchObject({
    from: WEEK,
    accuracy: { count: 2, correct: 1, value: 0.5 },
    classes: [
      { class: "car", count: 1, correct: 1 },
      { class: "truck", count: 1, correct: 0 },
    ],
    versions: [{ version: "v1", count: 2 }],
    sources: { reviews: 0, groundTruth: 2 },
  });
  expect(await add(rows, NOW + 1)).toMatchObject({ added: 0, changed: 0, unchanged: 2 });
  expect(await week()).toEqual(before);
  expect(second).toMatch(/^prd_/);
});

test("ground truth becomes a label once, with its source, and never replaces a newer one", async () => {
  const predictionId = await predicted();
  const key = `uploads/vehicles/${number}.jpg`;
  const labelledAt = "2026-11-24T00:00:00Z";
  const rows = [{ predictionId, label: "truck", labelledAt }];
  await add(rows);
  const label = await getLabel("vehicles", key);
  expect(label).toMatchObject({
    label: "truck",
    source: "ground truth",
    labelledAt: "2026-11-24T00:00:00.000Z",
    extra: { prediction: predictionId },
  });
  await add(rows, NOW + 1);
  expect(await getLabel("vehicles", key)).toEqual(label);
  const { items } = await listEvents({ model: "vehicles", type: "labels.changed", limit: 20 }, NOW);
  const details = items.map(({ detail }) => detail);
  expect(details).toContainEqual(expect.objectContaining({ added: 1, source: "ground truth", keys: [key] }));
  const request = { key, label: "bus" };
  await setLabel({ model: "vehicles", annotator: "ada", now: NOW + 2, request });
  await add([{ predictionId, label: "car", labelledAt: "2026-11-24T12:00:00Z" }], NOW + 3);
  expect(await getLabel("vehicles", key)).toMatchObject({ label: "bus" });
});

test("ground truth becomes no label without its object, or if the declaration says so", async () => {
  const predictionId = await predicted();
  const key = `uploads/vehicles/${number}.jpg`;
  const { monitoring } = byName("vehicles")!;
  Object.assign(monitoring!, { groundTruthLabels: false });
  onTestFinished(() => void Object.assign(monitoring!, { groundTruthLabels: true }));
  expect(await add([{ predictionId, label: "truck" }])).toMatchObject({ added: 1 });
  await expect(getLabel("vehicles", key)).rejects.toMatchObject({ code: "LABEL_UNKNOWN" });
  Object.assign(monitoring!, { groundTruthLabels: true });
  objects.on(HeadObjectCommand).rejects(failure("NotFound"));
  expect(await add([{ predictionId, label: "bus" }], NOW + 1)).toMatchObject({ changed: 1, problems: [] });
  await expect(getLabel("vehicles", key)).rejects.toMatchObject({ code: "LABEL_UNKNOWN" });
});

test("an object that is gone is a problem of its row", async () => {
  objects.on(HeadObjectCommand).rejects(failure("NotFound"));
  const { problems } = await add([{ key: "uploads/vehicles/gone.jpg", label: "car" }]);
  expect(problems).toMatchObject([{ row: 1, code: "OBJECT_GONE" }]);
});

test("of conflicting truths the newer counts, in any order", async () => {
  const predictionId = await predicted();
  const truth = (label: string, day: number) => ({
    predictionId,
    label,
    labelledAt: `2026-11-${day}T00:00:00Z`,
  });
  expect(await add([truth("truck", 24)])).toMatchObject({ added: 1 });
  expect(await add([truth("car", 23)])).toMatchObject({ older: 1 });
  expect((await week())!.accuracy).toMatchObject({ count: 1, correct: 0 });
  expect(await add([truth("car", 26), truth("bus", 25)])).toMatchObject({ changed: 1, older: 1 });
  expect((await week())!.accuracy).toMatchObject({ count: 1, correct: 1 });
});

test("only the random share of the reviews counts; reviews below the threshold are apart", async () => {
  const verdict = async (label: string, sampled: boolean) => {
    const id = await predicted(underReview(`prd_${number}`, sampled));
    await resolveReview({ id, verdict: { label }, by: "ada", now: NOW });
    return id;
  };
  await verdict("car", true);
  await verdict("truck", false);
  const low = await verdict("bus", false);
  expect(await week()).toMatchObject({
    accuracy: { count: 1, correct: 1 },
    lowConfidence: { count: 2, correct: 0 },
    sources: { reviews: 1, groundTruth: 0 },
  });
  // Ground truth about a reviewed prediction moves it to the headline figure.
  expect(await add([{ predictionId: low, label: "bus" }], NOW + 1)).toMatchObject({ changed: 1 });
  expect(await week()).toMatchObject({ accuracy: { count: 2, correct: 1 }, lowConfidence: { count: 1 } });
});

test("concurrent imports and verdicts all count", async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, () => predicted()));
  await Promise.all(ids.map((predictionId) => add([{ predictionId, label: "car" }])));
  expect((await week())!.accuracy).toMatchObject({ count: 8, correct: 8 });
});

test("accuracy.low is published once for a week whose whole interval is below the bound", async () => {
  const { retrain } = byName("vehicles")!;
  Object.assign(retrain!, { accuracy: 0.9 });
  onTestFinished(() => void delete retrain!.accuracy);
  const truths = async (count: number, label: string) => {
    const ids = await Promise.all(Array.from({ length: count }, () => predicted()));
    return add(ids.map((predictionId) => ({ predictionId, label })));
  };
  const published = async () =>
    (await listEvents({ subject: "vehicles", type: "accuracy.low" }, NOW)).items.map(({ detail }) => detail);
  await truths(15, "car");
  await truths(14, "truck");
  expect(await published()).toEqual([]);
  await truths(1, "truck");
  expect(await published()).toMatchObject([
    {
      model: "vehicles",
      modelVersion: "v1",
      from: WEEK,
      value: 0.5,
      count: 30,
      bound: 0.9,
      source: "ground truth",
    },
  ]);
  await truths(5, "truck");
  expect(await published()).toHaveLength(1);
});

test("the API accepts JSON and CSV and returns the weeks", async () => {
  const { token } = await createToken({ name: "truth", scopes: ["read", "upload"] });
  const id = await predicted();
  const post = async (type: string, body: string) => {
    const headers = { "content-type": type, authorization: `Bearer ${token}` };
    const response = await createApp().request("/ground-truth", { method: "POST", headers, body });
    return { status: response.status, body: await response.json() };
  };
  expect(await post("text/csv", `Prediction ID;Label\n${id};car\nprd_0;car\n`)).toMatchObject({
    status: 200,
    body: { added: 1, problems: [{ row: 2, code: "PREDICTION_UNKNOWN" }] },
  });
  expect(
    await post("application/json", JSON.stringify({ rows: [{ predictionId: id, label: "car" }] })),
  ).toMatchObject({ status: 200, body: { unchanged: 1 } });
  expect(await post("text/csv", "a,b\n1,2\n")).toMatchObject({
    status: 400,
    body: { code: "INPUT_INVALID" },
  });
  const headers = { authorization: `Bearer ${token}` };
  const response = await createApp().request("/models/vehicles/accuracy?weeks=1", { headers });
  expect(await response.json()).toMatchObject({ model: "vehicles", weeks: [{ accuracy: { count: 1 } }] });
});
