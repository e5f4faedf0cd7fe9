import { Entity, type EntityItem } from "electrodb";
import { gsi1, primary, service } from "../table.ts";

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
    byHash: primary(["hash"], []),
    all: gsi1([], ["createdAt", "name"]),
  },
});

export type TokenItem = EntityItem<typeof TokenEntity>;
