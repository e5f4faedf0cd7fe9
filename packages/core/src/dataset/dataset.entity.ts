import { Entity, type EntityItem } from "electrodb";
import { service, table } from "../table.ts";
import { datasetStatuses } from "./dataset.ts";

export const undigested = "none";

/** gsi1: a model's, by time. gsi2: by digest, so that an identical one is found instead of made again. */
export const DatasetEntity = new Entity({
  model: { entity: "dataset", version: "1", service },
  attributes: {
    id: { type: "string", required: true },
    model: { type: "string", required: true },
    status: { type: datasetStatuses, required: true },
    step: { type: ["waiting", "listing", "inspecting", "splitting"] as const },
    /** Which look over the labels is under way: files of an older one no longer count. */
    round: { type: "number", required: true },
    chunks: { type: "number" },
    chunksDone: { type: "number" },
    files: { type: "number" },
    filesDone: { type: "number" },
    options: { type: "any", required: true },
    /** `undigested` before it has one: an index on a condition wants a value all the time. */
    digest: { type: "string", required: true },
    folder: { type: "string" },
    identicalTo: { type: "string" },
    items: { type: "any" },
    objects: { type: "any" },
    bytes: { type: "any" },
    classes: { type: "any" },
    groups: { type: "any" },
    warnings: { type: "any" },
    problemCount: { type: "number" },
    problems: { type: "any" },
    error: { type: "any" },
    requestedBy: { type: "string" },
    createdAt: { type: "string", required: true },
    finishedAt: { type: "string" },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byId: {
      pk: { field: table.pk, composite: ["id"], casing: "none" },
      sk: { field: table.sk, composite: [], casing: "none" },
    },
    byModel: {
      index: table.gsi1.index,
      pk: { field: table.gsi1.pk, composite: ["model"], casing: "none" },
      // Ids sort by time.
      sk: { field: table.gsi1.sk, composite: ["id"], casing: "none" },
    },
    byDigest: {
      index: table.gsi2.index,
      condition: ({ digest }) => digest !== undigested,
      pk: { field: table.gsi2.pk, composite: ["model", "digest"], casing: "none" },
      sk: { field: table.gsi2.sk, composite: ["id"], casing: "none" },
    },
  },
});
export type DatasetItem = EntityItem<typeof DatasetEntity>;

/** A chunk of files that was looked at, written once however often its message comes. */
export const DatasetChunkEntity = new Entity({
  model: { entity: "datasetChunk", version: "1", service },
  attributes: {
    dataset: { type: "string", required: true },
    round: { type: "number", required: true },
    chunk: { type: "number", required: true },
    expires: { type: "number", required: true },
  },
  indexes: {
    byChunk: {
      pk: { field: table.pk, composite: ["dataset", "round"], casing: "none" },
      sk: { field: table.sk, composite: ["chunk"], casing: "none" },
    },
  },
});
