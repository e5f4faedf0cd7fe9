import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { service, table } from "../table.ts";
import { type Import, type ImportProblem, importStatuses } from "./import.ts";

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
    problems: { type: CustomAttributeType<ImportProblem[]>("any") },
    error: { type: CustomAttributeType<NonNullable<Import["error"]>>("any") },
    /** Receive count of the message that began it last. */
    receives: { type: "number" },
    /** A system error: a redrive of its message tries again. */
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
