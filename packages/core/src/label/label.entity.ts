import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import type { Box, Size, Split } from "@sluice/labels/format/sample.ts";
import { gsi1, primary, service } from "../table.ts";
import type { CountsByClass, LabelInput, PreviousLabel } from "./label.ts";

type Extra = NonNullable<LabelInput["extra"]>;

/** Extra fields are stored as JSON text: DynamoDB maps limit names, numbers and depth. */
const toText = (extra?: Extra) => extra && (JSON.stringify(extra) as unknown as Extra);
const fromText = (stored?: Extra | string) =>
  typeof stored === "string" ? (JSON.parse(stored) as Extra) : stored;
const mapExtras = (change: (extra?: Extra) => Extra | undefined) => (boxes?: Box[]) =>
  boxes?.map((box) => (box.extra === undefined ? box : { ...box, extra: change(box.extra) }));

/** For labels made of boxes, which may have several classes. */
export const noClass = "";

/** 16 shards for each model, each sorted by key. gsi1: labels of one class, without labels made of boxes. */
export const LabelEntity = new Entity({
  model: { entity: "label", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    shard: { type: "string", required: true },
    key: { type: "string", required: true },
    label: { type: "string" },
    /** The class, or `noClass`: an index with a condition requires a value. */
    filed: { type: "string", required: true },
    boxes: { type: CustomAttributeType<Box[]>("any"), set: mapExtras(toText), get: mapExtras(fromText) },
    text: { type: "string" },
    image: { type: CustomAttributeType<Size>("any") },
    annotator: { type: "string" },
    labelledAt: { type: "string", required: true },
    confidence: { type: "number" },
    split: { type: CustomAttributeType<Split>("string") },
    extra: { type: CustomAttributeType<Extra>("any"), set: toText, get: fromText },
    source: { type: "string", required: true },
    history: { type: CustomAttributeType<PreviousLabel[]>("any") },
    /** The import that wrote it last. A redelivered import counts its own labels by it. */
    importId: { type: "string" },
    /** Of class, boxes and text only: equal digests are the same label. */
    digest: { type: "string", required: true },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byKey: primary(["model", "shard"], ["key"]),
    byClass: {
      ...gsi1(["model", "filed", "shard"], ["key"]),
      condition: ({ filed }) => filed !== noClass,
    },
  },
});
export type LabelItem = EntityItem<typeof LabelEntity>;

/** Label counts of a shard. Every write of labels increments `version` in the same transaction: it is the shard's lock. */
export const LabelShardEntity = new Entity({
  model: { entity: "labelShard", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    shard: { type: "string", required: true },
    version: { type: "number", required: true },
    total: { type: "number", required: true },
    classes: { type: CustomAttributeType<CountsByClass>("any"), required: true },
  },
  indexes: {
    byModel: primary(["model"], ["shard"]),
  },
});
