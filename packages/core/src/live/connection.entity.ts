import { Entity, type EntityItem } from "electrodb";
import { primary, service } from "../table.ts";

/** The subscribed connections of the WebSocket API, in one partition: each send reads all of them. */
export const ConnectionEntity = new Entity({
  model: { entity: "connection", version: "1", service },
  attributes: {
    /** Of API Gateway. */
    id: { type: "string", required: true },
    /** The hash of its bearer token. */
    token: { type: "string", required: true },
    /** Only changes of this model. */
    model: { type: "string" },
    connectedAt: { type: "string", required: true },
    /** When DynamoDB may delete it (epoch seconds). */
    expires: { type: "number", required: true },
  },
  indexes: { byId: primary([], ["id"]) },
});

export type ConnectionItem = EntityItem<typeof ConnectionEntity>;
