import { Entity, type EntityItem } from "electrodb";
import { service, table } from "../table.ts";

/**
 * What was found when a file was looked at, so that nothing reads it again while its ETag stays. In the same partitions
 * and order as the labels: the two are read side by side.
 */
export const FactEntity = new Entity({
  model: { entity: "fact", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    shard: { type: "string", required: true },
    key: { type: "string", required: true },
    etag: { type: "string", required: true },
    size: { type: "number", required: true },
    /** SHA-256 of its content, of a text that of its wording: the first 32 hex digits. */
    hash: { type: "string" },
    /** Of what it looks like, 16 hex digits: near ones look alike. */
    looks: { type: "string" },
    /** When the camera says it was taken, epoch ms. */
    takenAt: { type: "number" },
    width: { type: "number" },
    height: { type: "number" },
    /** Why it cannot be used. */
    problem: { type: "any" },
  },
  indexes: {
    byKey: {
      pk: { field: table.pk, composite: ["model", "shard"], casing: "none" },
      sk: { field: table.sk, composite: ["key"], casing: "none" },
    },
  },
});
export type FactItem = EntityItem<typeof FactEntity>;
