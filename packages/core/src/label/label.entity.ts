import { Entity, type EntityItem } from "electrodb";
import { service, table } from "../table.ts";

/** As JSON text: a label's own fields may have any name, number and depth, and DynamoDB's maps may not. */
const toText = (value?: object) => value && JSON.stringify(value);
const fromText = (kept: unknown) => (typeof kept === "string" ? (JSON.parse(kept) as unknown) : kept);
type Kept = { extra?: unknown };
const withExtras = (change: (extra: any) => unknown) => (boxes?: Kept[]) =>
  boxes?.map((box) => (box.extra === undefined ? box : { ...box, extra: change(box.extra) }));

/** Of a label made of boxes: it may be of many classes. No class is named so. */
export const unfiled = "";

/**
 * A model's labels lie in 16 partitions by a hash of the key: a million stream by 16 queries, each in the order of keys.
 * gsi1: those of one class; labels made of boxes are not in it.
 */
export const LabelEntity = new Entity({
  model: { entity: "label", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    shard: { type: "string", required: true },
    key: { type: "string", required: true },
    label: { type: "string" },
    /** The class it is filed under: its label, or `unfiled`. An index on a condition wants a value all the time. */
    filed: { type: "string", required: true },
    boxes: { type: "any", set: withExtras(toText), get: withExtras(fromText) },
    text: { type: "string" },
    image: { type: "any" },
    annotator: { type: "string" },
    labelledAt: { type: "string", required: true },
    confidence: { type: "number" },
    split: { type: "string" },
    extra: { type: "any", set: toText, get: fromText },
    source: { type: "string", required: true },
    history: { type: "any" },
    /** The import that wrote it last: should its function die, the next one knows what was done. */
    importId: { type: "string" },
    /** Of what is said, without who said it and when: two equal ones are the same label. */
    digest: { type: "string", required: true },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byKey: {
      pk: { field: table.pk, composite: ["model", "shard"], casing: "none" },
      sk: { field: table.sk, composite: ["key"], casing: "none" },
    },
    byClass: {
      index: table.gsi1.index,
      condition: ({ filed }) => filed !== unfiled,
      pk: { field: table.gsi1.pk, composite: ["model", "filed", "shard"], casing: "none" },
      sk: { field: table.gsi1.sk, composite: ["key"], casing: "none" },
    },
  },
});
export type LabelItem = EntityItem<typeof LabelEntity>;

/**
 * How many labels of each class a partition holds. Every write of a label is one transaction with this item, on the
 * condition that its version is still the one read before: so the counts are always right, and no writer overwrites what
 * it has not seen.
 */
export const LabelShardEntity = new Entity({
  model: { entity: "labelShard", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    shard: { type: "string", required: true },
    version: { type: "number", required: true },
    total: { type: "number", required: true },
    /** By class: [items, boxes]. */
    classes: { type: "any", required: true },
  },
  indexes: {
    byModel: {
      pk: { field: table.pk, composite: ["model"], casing: "none" },
      sk: { field: table.sk, composite: ["shard"], casing: "none" },
    },
  },
});
