import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { gsi1, primary, service } from "../table.ts";
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
    byId: primary(["id"], []),
    byModel: gsi1(["model"], ["createdAt", "id"]),
  },
});
export type ImportItem = EntityItem<typeof ImportEntity>;
