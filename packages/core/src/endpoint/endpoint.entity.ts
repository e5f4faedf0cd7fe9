import { Entity } from "electrodb";
import { service, table } from "../table.ts";
import { endpointStatuses } from "./endpoint.ts";

export const EndpointEntity = new Entity({
  model: { entity: "endpoint", version: "1", service },
  attributes: {
    name: { type: "string", required: true },
    model: { type: "string", required: true },
    status: { type: endpointStatuses, required: true },
    rank: { type: "number", required: true },
    config: { type: "string" },
    target: { type: ["serverless", "realtime", "async"] as const, required: true },
    failureReason: { type: "string" },
    rolledBack: { type: "boolean" },
    sourceModifiedAt: { type: "number", required: true },
    createdAt: { type: "string" },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byName: {
      pk: { field: table.pk, composite: ["name"], casing: "none" },
      sk: { field: table.sk, composite: [], casing: "none" },
    },
    /** Tens at most, so one partition is enough. */
    all: {
      index: table.gsi1.index,
      pk: { field: table.gsi1.pk, composite: [], casing: "none" },
      sk: { field: table.gsi1.sk, composite: ["name"], casing: "none" },
    },
  },
});
