// Predictions of detectors: records, results and images.
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { db } from "@sluice/core/db.ts";
import { getModel } from "@sluice/core/model/model.ts";
import { openReview } from "@sluice/core/review/review.ts";
import { dayOf } from "@sluice/core/table.ts";
import { generatorOf } from "@sluice/samples/generate.ts";
import type { Sample } from "@sluice/samples/toolkit/sample.ts";
import type { Site } from "./site.ts";

export interface Found {
  class: string;
  confidence: number;
  box: { x: number; y: number; width: number; height: number };
}

export const FOUND: Found[] = [
  { class: "bird", confidence: 0.38, box: { x: 40.5, y: 30.25, width: 120.5, height: 80.75 } },
  { class: "drone", confidence: 0.29, box: { x: 220, y: 120, width: 90, height: 60 } },
];

/** The queue has the newest first, so the order is that of the indices. */
const START = Date.now();

export type Stage = Pick<Site, "upload" | "prediction" | "s3" | "bucket" | "results">;

interface Detection {
  /** Default: the id of the file's own prediction, which waits for an endpoint and is replaced. */
  id?: string;
  model: string;
  key: string;
  picture: Sample;
  /** Instead of the picture's own content. */
  bytes?: Uint8Array | undefined;
  threshold: number;
  detections: Found[];
  doubtful?: Found[];
  /** Rejected, with an open review. */
  review: boolean;
  /** Epoch milliseconds. */
  at: number;
}

/** Stores a prediction as if an endpoint had returned it. */
export async function storeDetection(site: Stage, one: Detection): Promise<string> {
  const { model, key, picture, threshold, doubtful = [] } = one;
  const { versionId, idFor } = await site.upload(key, one.bytes ?? picture.bytes, {
    ContentType: picture.contentType,
  });
  const id = one.id ?? idFor(model);
  if (!one.id) await site.prediction(id, ({ status }) => status === "pending");
  const createdAt = new Date(one.at).toISOString();
  const image = { width: picture.width!, height: picture.height! };
  const source = {
    bucket: site.bucket,
    key,
    versionId,
    contentType: picture.contentType,
    size: picture.bytes.byteLength,
  };
  const withArea = (found: Found) => ({ ...found, area: found.box.width * found.box.height });
  const detections = one.detections.map(withArea);
  const [best] = [...detections, ...doubtful].toSorted((a, b) => b.confidence - a.confidence);
  const strongest = { class: best?.class, confidence: best?.confidence, threshold };
  const countPerClass = Object.fromEntries(
    getModel(model).classes.map((name) => [name, detections.filter((found) => found.class === name).length]),
  );
  const resultKey = `predictions/${model}/${id}.json`;
  const task = "object-detection" as const;
  const result = {
    id,
    model,
    task,
    source,
    gate: { ...strongest, passed: !one.review },
    image,
    detections,
    doubtful: doubtful.map(withArea),
    timings: {},
    processingTime: 20,
    modelVersion: "0123456789ab",
    endpoint: `sluice-local-${model}-serverless`,
    detectedAt: createdAt,
    statistics: { total: detections.length, averageConfidence: 0.33, countPerClass, processingSteps: [] },
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
      status: one.review ? "rejected" : "completed",
      summary: { ...strongest, total: detections.length, countPerClass },
      class: best?.class,
      confidence: best?.confidence,
      timings: { totalMs: 900 },
      uploadedAt: createdAt,
      finishedAt: createdAt,
      changedAt: createdAt,
      day: dayOf(createdAt),
      bucket: dayOf(createdAt),
      changedDay: dayOf(createdAt),
      ...(one.review && openReview({ id, model }, one.at)),
    })
    .go();
  await day.put({ model, day: dayOf(createdAt) }).go();
  return id;
}

/** One image of `drones` with an open review. Its own prediction waits for an endpoint. */
export async function seedDetection(site: Site, index: number, bytes?: Uint8Array): Promise<string> {
  return storeDetection(site, {
    id: `prd_sky${index}`,
    model: "drones",
    key: `uploads/drones/sky-${index}.jpg`,
    picture: await generatorOf("drones").generate(1, index),
    bytes,
    threshold: 0.4,
    detections: FOUND,
    review: true,
    at: START - index * 1_000,
  });
}
