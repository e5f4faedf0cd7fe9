import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { gsi1, gsi2, primary, service } from "../table.ts";
import type { ImportProblem } from "../label/import.ts";
import {
  type ClassRow,
  type Dataset,
  type DatasetOptions,
  datasetStatuses,
  type Warning,
} from "./dataset.ts";

type Counts = NonNullable<Dataset["items"]>;

export const noDigest = "none";

/** gsi1: by model and time. gsi2: by digest, to find identical datasets. */
export const DatasetEntity = new Entity({
  model: { entity: "dataset", version: "1", service },
  attributes: {
    id: { type: "string", required: true },
    model: { type: "string", required: true },
    status: { type: datasetStatuses, required: true },
    step: { type: ["waiting", "listing", "inspecting", "splitting"] as const },
    /** The current round. Chunks of older rounds are not counted. */
    round: { type: "number", required: true },
    chunks: { type: "number" },
    chunksDone: { type: "number" },
    files: { type: "number" },
    filesDone: { type: "number" },
    options: { type: CustomAttributeType<DatasetOptions>("any"), required: true },
    /** `noDigest` at first: an index with a condition requires a value. */
    digest: { type: "string", required: true },
    folder: { type: "string" },
    identicalTo: { type: "string" },
    items: { type: CustomAttributeType<Counts>("any") },
    objects: { type: CustomAttributeType<Counts>("any") },
    bytes: { type: CustomAttributeType<Counts>("any") },
    classes: { type: CustomAttributeType<ClassRow[]>("any") },
    groups: { type: CustomAttributeType<NonNullable<Dataset["groups"]>>("any") },
    warnings: { type: CustomAttributeType<Warning[]>("any") },
    problemCount: { type: "number" },
    problems: { type: CustomAttributeType<ImportProblem[]>("any") },
    error: { type: CustomAttributeType<NonNullable<Dataset["error"]>>("any") },
    requestedBy: { type: "string" },
    createdAt: { type: "string", required: true },
    finishedAt: { type: "string" },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byId: primary(["id"], []),
    // Ids sort by time.
    byModel: gsi1(["model"], ["id"]),
    byDigest: {
      ...gsi2(["model", "digest"], ["id"]),
      condition: ({ digest }) => digest !== noDigest,
    },
  },
});
export type DatasetItem = EntityItem<typeof DatasetEntity>;

/** An inspected chunk. Written once, so a repeated message is not counted again. */
export const DatasetChunkEntity = new Entity({
  model: { entity: "datasetChunk", version: "1", service },
  attributes: {
    dataset: { type: "string", required: true },
    round: { type: "number", required: true },
    chunk: { type: "number", required: true },
    expires: { type: "number", required: true },
  },
  indexes: {
    byChunk: primary(["dataset", "round"], ["chunk"]),
  },
});
