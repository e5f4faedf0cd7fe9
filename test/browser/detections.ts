// Predictions of a detector with open reviews: records, results and images.
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { db } from "@sluice/core/db.ts";
import { openReview } from "@sluice/core/review/review.ts";
import { dayOf } from "@sluice/core/table.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import type { Site } from "./site.ts";

export const FOUND = [
  { class: "bird", confidence: 0.38, box: { x: 40.5, y: 30.25, width: 120.5, height: 80.75 } },
  { class: "drone", confidence: 0.29, box: { x: 220, y: 120, width: 90, height: 60 } },
];

/** The queue has the newest first, so the order is that of the indices. */
const START = Date.now();

/** One image of `drones`, whose own prediction waits for an endpoint. */
export async function seedDetection(site: Site, index: number, bytes?: Uint8Array): Promise<string> {
  const picture = await generatorOf("drones").generate(1, index);
  const [id, key] = [`prd_sky${index}`, `uploads/drones/sky-${index}.jpg`];
  const { versionId } = await site.upload(key, bytes ?? picture.bytes, { ContentType: picture.contentType });
  const now = START - index * 1_000;
  const createdAt = new Date(now).toISOString();
  const image = { width: picture.width!, height: picture.height! };
  const source = { bucket: site.bucket, key, versionId, contentType: picture.contentType };
  const gate = { threshold: 0.4, passed: false, confidence: 0.38, class: "bird" };
  const resultKey = `predictions/drones/${id}.json`;
  const [model, task] = ["drones", "object-detection" as const];
  const detections = FOUND.map((one) => ({ ...one, area: one.box.width * one.box.height }));
  const result = {
    id,
    model,
    task,
    source,
    gate,
    image,
    detections,
    doubtful: [],
    timings: {},
    processingTime: 20,
    modelVersion: "0123456789ab",
    endpoint: "sluice-local-drones-serverless",
    detectedAt: createdAt,
    statistics: { total: 2, averageConfidence: 0.33, countPerClass: {}, processingSteps: [] },
  };
  await site.s3.send(
    new PutObjectCommand({ Bucket: site.results, Key: resultKey, Body: JSON.stringify(result) }),
  );
  const { prediction, day } = db().entities;
  await prediction
    .put({
      id,
      model,
      task,
      source,
      image,
      resultKey,
      createdAt,
      attempts: 1,
      status: "rejected",
      summary: { class: "bird", confidence: 0.38, threshold: 0.4, total: 2 },
      class: "bird",
      confidence: 0.38,
      uploadedAt: createdAt,
      changedAt: createdAt,
      day: dayOf(createdAt),
      bucket: dayOf(createdAt),
      changedDay: dayOf(createdAt),
      ...openReview({ id, model }, now),
    })
    .go();
  await day.put({ model, day: dayOf(createdAt) }).go();
  return id;
}
