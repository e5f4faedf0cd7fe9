import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { tasks } from "@sluice/models/schema.ts";
import { gsi1, gsi2, gsi3, gsi4, primary, service } from "../table.ts";
import { readStoredReview, type Review } from "../review/review.ts";
import { type Failure, type Size, statuses, type Summary, type Timings } from "./prediction.ts";

/**
 * gsi1: a model's predictions by time. A day has several partitions (shard.ts).
 * gsi2: the same by status. Unfinished ones share one bucket, so that finding them reads no other days.
 * gsi3: all predictions by their last change, for live updates.
 * gsi4: a model's open reviews.
 */
export const PredictionEntity = new Entity({
  model: { entity: "prediction", version: "1", service },
  attributes: {
    id: { type: "string", required: true },
    model: { type: "string", required: true },
    task: { type: tasks, required: true },
    status: { type: statuses, required: true },
    source: {
      type: "map",
      required: true,
      properties: {
        bucket: { type: "string", required: true },
        key: { type: "string", required: true },
        versionId: { type: "string" },
        etag: { type: "string" },
        size: { type: "number" },
        contentType: { type: "string" },
      },
    },
    attempts: { type: "number", required: true },
    /** The worker that holds it, and until when (epoch ms). Afterwards another may claim it. */
    holder: { type: "string" },
    leaseUntil: { type: "number" },
    /** The message it was claimed for, and that message's receive count. */
    messageId: { type: "string" },
    receives: { type: "number" },
    endpoint: { type: "string" },
    modelVersion: { type: "string" },
    fallbackFrom: { type: "string" },
    summary: { type: CustomAttributeType<Summary>("any") },
    /** Copied from the summary for filters. */
    class: { type: "string" },
    confidence: { type: "number" },
    image: { type: CustomAttributeType<Size>("any") },
    error: { type: CustomAttributeType<Failure>("any") },
    timings: { type: CustomAttributeType<Timings>("any") },
    /** A failure that is not the user's: a redrive may retry it. */
    redrivable: { type: "boolean" },
    resultKey: { type: "string" },
    review: { type: CustomAttributeType<Review>("any"), get: readStoredReview },
    /** While its review is open: its model, and its position by time and id. */
    reviewing: { type: "string" },
    reviewPlace: { type: "string" },
    uploadedAt: { type: "string" },
    createdAt: { type: "string", required: true },
    /** The day of `createdAt` with the number of its partition: `2026-11-21.3`. */
    day: { type: "string", required: true },
    /** `open` with that number until it ends, then its day. */
    bucket: { type: "string", required: true },
    startedAt: { type: "string" },
    finishedAt: { type: "string" },
    changedAt: { type: "string", required: true },
    changedDay: { type: "string", required: true },
  },
  indexes: {
    byId: primary(["id"], []),
    byTime: gsi1(["model", "day"], ["createdAt", "id"]),
    byStatus: gsi2(["model", "status", "bucket"], ["createdAt", "id"]),
    byChange: gsi3(["changedDay"], ["changedAt", "id"]),
    byReview: gsi4(["reviewing"], ["reviewPlace"]),
  },
});

export type PredictionItem = EntityItem<typeof PredictionEntity>;
