import { Entity, type EntityItem } from "electrodb";
import { service, table } from "../table.ts";
import { importStatuses } from "./import.ts";

export const ImportEntity = new Entity({
  model: { entity: "import", version: "1", service },
  attributes: {
    id: { type: "string", required: true },
    model: { type: "string", required: true },
    status: { type: importStatuses, required: true },
    source: { type: "string", required: true },
    format: { type: "string" },
    added: { type: "number", required: true },
    changed: { type: "number", required: true },
    unchanged: { type: "number", required: true },
    older: { type: "number", required: true },
    problemCount: { type: "number", required: true },
    problems: { type: "any" },
    error: { type: "any" },
    /** How often its message had been received when it began last. */
    receives: { type: "number" },
    /** Failed by the app's fault: a redrive of its message may try again. */
    redrivable: { type: "boolean" },
    createdAt: { type: "string", required: true },
    finishedAt: { type: "string" },
    changedAt: { type: "string", required: true },
  },
  indexes: {
    byId: {
      pk: { field: table.pk, composite: ["id"], casing: "none" },
      sk: { field: table.sk, composite: [], casing: "none" },
    },
    byModel: {
      index: table.gsi1.index,
      pk: { field: table.gsi1.pk, composite: ["model"], casing: "none" },
      sk: { field: table.gsi1.sk, composite: ["createdAt", "id"], casing: "none" },
    },
  },
});
export type ImportItem = EntityItem<typeof ImportEntity>;
