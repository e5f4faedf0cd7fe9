// Files of late ground truth in the uploads bucket. Table and bucket are real (the embedded cloud).
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { importGroundTruthFile } from "@sluice/core/accuracy/import-file.ts";
import { readAccuracy } from "@sluice/core/accuracy/read.ts";
import { db } from "@sluice/core/db.ts";
import { importId } from "@sluice/core/label/import-run.ts";
import { listEvents } from "@sluice/core/event/list.ts";
import { getImport, listImports } from "@sluice/core/label/imports.ts";
import { getLabel } from "@sluice/core/label/read.ts";
import { textKey } from "@sluice/core/label/shard.ts";
import { predictionId } from "@sluice/core/prediction/id.ts";
import { trace } from "@sluice/core/trace/walk.ts";
import { arrivalMessage } from "@sluice/core/upload/arrival.ts";
import { testCloud, type TestCloud } from "@sluice/local/kernel/testing-cloud.ts";
import { dynamodb } from "@sluice/local/service/dynamodb/plugin.ts";
import { s3 as s3Plugin } from "@sluice/local/service/s3/plugin.ts";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { timesAt } from "../support/prediction-times.ts";
import { tableResource } from "./stage.ts";

const NOW = Date.parse("2026-11-25T04:00:00Z");
let cloud: TestCloud;
let s3: S3Client;
const bus = mockClient(EventBridgeClient);

beforeAll(async () => {
  const bucket = { name: "Uploads", type: "aws:s3/bucket:Bucket", inputs: { bucket: "uploads" } };
  cloud = await testCloud({ plugins: [dynamodb, s3Plugin], graph: { resources: [tableResource, bucket] } });
  const links: Record<string, object> = {
    App: { name: "sluice", stage: "test" },
    Table: { name: "sluice" },
    Bus: { name: "bus" },
    UploadsBucket: { name: "uploads" },
  };
  for (const [name, value] of Object.entries(links))
    process.env[`SST_RESOURCE_${name}`] = JSON.stringify(value);
  Object.assign(process.env, cloud.environment, { SLUICE_LOG_LEVEL: "SILENT" });
  s3 = new S3Client({});
  bus.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
});
afterAll(() => cloud.dispose());

/** Uploads an object, and stores its prediction. Returns the id. */
async function predicted(model: "vehicles" | "compliance", name: string, predictedClass: string) {
  const key = `uploads/${model}/${name}`;
  const { VersionId, ETag } = await s3.send(
    new PutObjectCommand({ Bucket: "uploads", Key: key, Body: `content of ${name}` }),
  );
  const source = { bucket: "uploads", key, versionId: VersionId, etag: ETag!.replaceAll('"', "") };
  const id = predictionId({ ...source, model });
  const task = model === "vehicles" ? ("image-classification" as const) : ("text-classification" as const);
  const summary = { class: predictedClass, confidence: 0.97, threshold: 0.93 };
  await db()
    .entities.prediction.put({
      id,
      model,
      task,
      source,
      summary,
      status: "completed",
      modelVersion: "v1",
      attempts: 1,
      ...timesAt(new Date(NOW).toISOString()),
    })
    .go();
  return id;
}

/** Delivers the event of an uploaded file, and returns the record of its import. */
async function imported(key: string, body: string, receives = 1, now = NOW) {
  await s3.send(new PutObjectCommand({ Bucket: "uploads", Key: key, Body: body }));
  const message = arrivalMessage({
    source: { bucket: "uploads", key, etag: undefined },
    uploadedAt: new Date(NOW).toISOString(),
  });
  await importGroundTruthFile(message, { receives, now });
  return getImport(importId("uploads", key, ""));
}

test("a CSV file is imported once: truths, labels, and a problem for each unusable row", async () => {
  const first = await predicted("vehicles", "1.jpg", "car");
  await predicted("vehicles", "2.jpg", "car");
  const csv = `prediction_id,key,label\n${first},,car\n,uploads/vehicles/2.jpg,truck\nprd_0,,car\n`;
  const done = await imported("ground-truth/vehicles/november.csv", csv);
  expect(done).toMatchObject({
    status: "done",
    model: "vehicles",
    source: "ground-truth/vehicles/november.csv",
    added: 2,
    problemCount: 1,
  });
  expect(done.problems[0]!.message).toBe("Row 3: There is no prediction prd_0.");
  const { weeks } = await readAccuracy({ model: "vehicles" });
  expect(weeks[0]!.accuracy).toMatchObject({ count: 2, correct: 1 });
  expect(await getLabel("vehicles", "uploads/vehicles/2.jpg")).toMatchObject({
    label: "truck",
    source: "ground truth",
  });
  // Another delivery of the event, and the same rows in another file.
  expect(await imported("ground-truth/vehicles/november.csv", csv, 2)).toEqual(done);
  expect(await imported("ground-truth/vehicles/again.csv", csv)).toMatchObject({ added: 0, unchanged: 2 });
});

test("a file that is delivered late does not overwrite a newer correction", async () => {
  const id = await predicted("vehicles", "late.jpg", "car");
  const corrected = new Date(NOW + 1_000).toISOString();
  const newer = `prediction_id,label,labelled_at\n${id},bus,${corrected}\n`;
  await imported("ground-truth/vehicles/newer.csv", newer, 1, NOW + 2_000);
  const older = `prediction_id,label\n${id},truck\n`;
  expect(await imported("ground-truth/vehicles/older.csv", older, 1, NOW + 3_000)).toMatchObject({
    added: 0,
    changed: 0,
    older: 1,
  });
  expect(await getLabel("vehicles", "uploads/vehicles/late.jpg")).toMatchObject({ label: "bus" });
});

test("a file with too many rows fails before its first row is written", async () => {
  const csv = `id,label\n${"prd_0,car\n".repeat(200_001)}`;
  expect(await imported("ground-truth/vehicles/large.csv", csv)).toMatchObject({
    status: "failed",
    added: 0,
    error: {
      code: "INPUT_INVALID",
      message: "The file has 200001 rows; an import has at most 200000.",
      hint: "Split it into files of at most 200000 rows, and upload each.",
    },
  });
});

test("a file has one event with its import's id, and the trace of the import has its labels", async () => {
  const ids = [];
  for (const name of ["e1", "e2", "e3"]) ids.push(await predicted("vehicles", `${name}.jpg`, "car"));
  const csv = `id,label\n${ids.map((id) => `${id},car\n`).join("")}`;
  const { id } = await imported("ground-truth/vehicles/events.csv", csv);
  const { items } = await listEvents({ subject: id, type: "labels.changed", limit: 10 }, NOW);
  expect(items.map(({ detail }) => detail)).toMatchObject([
    { id, model: "vehicles", source: "ground-truth/vehicles/events.csv", added: 3, changed: 0 },
  ]);
  const keys = ["e1", "e2", "e3"].map((name) => `uploads/vehicles/${name}.jpg`);
  const { links } = await trace(id, NOW);
  expect(
    links
      .filter(({ kind }) => kind === "label")
      .map((one) => one.id)
      .toSorted(),
  ).toEqual(keys);
  const downstream = (await trace(ids[0]!, NOW)).links;
  expect(downstream.filter(({ kind }) => kind === "label").map((one) => one.id)).toEqual([keys[0]]);
});

test("a JSON file is of the folder's model, and a label of a text contains it", async () => {
  const predictionId = await predicted("compliance", "1.txt", "compliant");
  const json = JSON.stringify([{ predictionId, label: "violation" }]);
  expect(await imported("ground-truth/compliance/a/b.json", json)).toMatchObject({
    status: "done",
    added: 1,
  });
  expect(await getLabel("compliance", textKey("content of 1.txt"))).toMatchObject({
    label: "violation",
    text: "content of 1.txt",
    source: "ground truth",
  });
  const { links } = await trace(predictionId, NOW);
  expect(links.find(({ kind }) => kind === "label")?.id).toBe(textKey("content of 1.txt"));
});

test("an unreadable file fails with its reason; other folders are no ground truth", async () => {
  expect(await imported("ground-truth/vehicles/bad.json", "[1, 2]")).toMatchObject({
    status: "failed",
    error: { code: "INPUT_INVALID", message: "The file is not a JSON list of objects." },
  });
  for (const key of ["ground-truth/vehicles/", "ground-truth/planes/a.csv", "labels/vehicles/a.csv"])
    await expect(imported(key, "id,label\n")).rejects.toMatchObject({ code: "IMPORT_UNKNOWN" });
  const { items } = await listImports({ model: "vehicles" });
  expect(items).toHaveLength(7);
});
