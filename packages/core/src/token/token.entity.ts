import { Entity, type EntityItem } from "electrodb";
import { service, table } from "../table.ts";

/** Stores the SHA-256 of a bearer token, never the token itself. */
export const TokenEntity = new Entity({
  model: { entity: "token", version: "1", service },
  attributes: {
    hash: { type: "string", required: true },
    name: { type: "string", required: true },
    scopes: { type: "list", items: { type: "string" }, required: true },
    createdAt: { type: "string", required: true },
    expires: { type: "number" },
  },
  indexes: {
    byHash: {
      pk: { field: table.pk, composite: ["hash"], casing: "none" },
      sk: { field: table.sk, composite: [], casing: "none" },
    },
    all: {
      index: table.gsi1.index,
      pk: { field: table.gsi1.pk, composite: [], casing: "none" },
      sk: { field: table.gsi1.sk, composite: ["createdAt", "name"], casing: "none" },
    },
  },
});

export type TokenItem = EntityItem<typeof TokenEntity>;
