import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { gsi1, gsi2, gsi3, primary, service } from "../table.ts";

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
    bySubject: primary(["subject"], ["id"]),
    byTime: gsi1(["month"], ["id"]),
    byModel: gsi2(["model", "month"], ["id"]),
    byWaiting: {
      ...gsi3(["waiting"], ["id"]),
      condition: ({ waiting }) => waiting !== undefined,
    },
  },
});

export type EventItem = EntityItem<typeof EventRecordEntity>;
