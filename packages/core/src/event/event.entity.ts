import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { service, table } from "../table.ts";

/**
 * Stored events, which are also the outbox: written with their state change, published afterwards.
 * Primary: by subject, in order. gsi1: all, a partition per month (tens a day). gsi2: the same by model.
 * gsi3: those that are not published yet.
 */
export const EventRecordEntity = new Entity({
  model: { entity: "event", version: "1", service },
  attributes: {
    /** Sorts by time. */
    id: { type: "string", required: true },
    type: { type: "string", required: true },
    /** The id of an import, dataset, training run or version, or the name of an endpoint. */
    subject: { type: "string", required: true },
    model: { type: "string", required: true },
    at: { type: "string", required: true },
    month: { type: "string", required: true },
    detail: { type: CustomAttributeType<Record<string, unknown>>("any"), required: true },
    waiting: { type: "string" },
    /** When DynamoDB may delete it (epoch seconds). */
    expires: { type: "number", required: true },
  },
  indexes: {
    bySubject: {
      pk: { field: table.pk, composite: ["subject"], casing: "none" },
      sk: { field: table.sk, composite: ["id"], casing: "none" },
    },
    byTime: {
      index: table.gsi1.index,
      pk: { field: table.gsi1.pk, composite: ["month"], casing: "none" },
      sk: { field: table.gsi1.sk, composite: ["id"], casing: "none" },
    },
    byModel: {
      index: table.gsi2.index,
      pk: { field: table.gsi2.pk, composite: ["model", "month"], casing: "none" },
      sk: { field: table.gsi2.sk, composite: ["id"], casing: "none" },
    },
    byWaiting: {
      index: table.gsi3.index,
      condition: ({ waiting }) => waiting !== undefined,
      pk: { field: table.gsi3.pk, composite: ["waiting"], casing: "none" },
      sk: { field: table.gsi3.sk, composite: ["id"], casing: "none" },
    },
  },
});

export type EventItem = EntityItem<typeof EventRecordEntity>;
