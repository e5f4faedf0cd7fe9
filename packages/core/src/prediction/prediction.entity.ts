import { Entity, type EntityItem } from "electrodb";
import { service, table } from "../table.ts";
import { statuses } from "./prediction.ts";

/**
 * gsi1: a model's time line, a partition per day.
 * gsi2: the same by status; those under way share one bucket, which empties itself, so that finding what waits never
 *       walks over days.
 * gsi3: everything by the time of its last change, for live updates.
 * gsi4: a model's open reviews, and nothing else.
 */
export const PredictionEntity = new Entity({
  model: { entity: "prediction", version: "1", service },
  attributes: {
    id: { type: "string", required: true },
    model: { type: "string", required: true },
    task: {
      type: ["image-classification", "object-detection", "text-classification"] as const,
      required: true,
    },
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
    /** Who holds it, and until when (epoch ms): a crashed holder's claim can be taken over after that. */
    holder: { type: "string" },
    leaseUntil: { type: "number" },
    /** The message it was claimed for, and how often that was received then. */
    messageId: { type: "string" },
    receives: { type: "number" },
    endpoint: { type: "string" },
    modelVersion: { type: "string" },
    summary: { type: "any" },
    /** Copied from the summary so that filters can name them. */
    class: { type: "string" },
    confidence: { type: "number" },
    image: { type: "any" },
    error: { type: "any" },
    timings: { type: "any" },
    /** A failure of the app's side, which a fresh message (a redrive) may try again. */
    redrivable: { type: "boolean" },
    resultKey: { type: "string" },
    review: { type: "any" },
    /** While its review is open: its model, and where it stands in the line, by time and id. */
    reviewing: { type: "string" },
    reviewPlace: { type: "string" },
    uploadedAt: { type: "string" },
    createdAt: { type: "string", required: true },
    day: { type: "string", required: true },
    /** The day of an ended one, `open` before. */
    bucket: { type: "string", required: true },
    startedAt: { type: "string" },
    finishedAt: { type: "string" },
    changedAt: { type: "string", required: true },
    changedDay: { type: "string", required: true },
  },
  indexes: {
    byId: {
      pk: { field: table.pk, composite: ["id"], casing: "none" },
      sk: { field: table.sk, composite: [], casing: "none" },
    },
    byTime: {
      index: table.gsi1.index,
      pk: { field: table.gsi1.pk, composite: ["model", "day"], casing: "none" },
      sk: { field: table.gsi1.sk, composite: ["createdAt", "id"], casing: "none" },
    },
    byStatus: {
      index: table.gsi2.index,
      pk: { field: table.gsi2.pk, composite: ["model", "status", "bucket"], casing: "none" },
      sk: { field: table.gsi2.sk, composite: ["createdAt", "id"], casing: "none" },
    },
    byChange: {
      index: table.gsi3.index,
      pk: { field: table.gsi3.pk, composite: ["changedDay"], casing: "none" },
      sk: { field: table.gsi3.sk, composite: ["changedAt", "id"], casing: "none" },
    },
    byReview: {
      index: table.gsi4.index,
      pk: { field: table.gsi4.pk, composite: ["reviewing"], casing: "none" },
      sk: { field: table.gsi4.sk, composite: ["reviewPlace"], casing: "none" },
    },
  },
});

export type PredictionItem = EntityItem<typeof PredictionEntity>;
