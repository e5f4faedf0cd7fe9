import { Entity } from "electrodb";
import { gsi1, primary, service } from "../table.ts";
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
    byName: primary(["name"], []),
    /** Tens at most, so one partition is enough. */
    all: gsi1([], ["name"]),
  },
});
