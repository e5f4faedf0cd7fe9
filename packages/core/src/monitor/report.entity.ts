import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { gsi1, primary, service } from "../table.ts";
import { type DriftReport, type Finding, type Harm, reportStatuses, reportTriggers } from "./report.ts";

/** gsi1: a model's reports by the end of their window. */
export const DriftReportEntity = new Entity({
  model: { entity: "driftReport", version: "1", service },
  attributes: {
    id: { type: "string", required: true },
    model: { type: "string", required: true },
    modelVersion: { type: "string", required: true },
    endpoint: { type: "string", required: true },
    trigger: { type: reportTriggers, required: true },
    from: { type: "string", required: true },
    to: { type: "string", required: true },
    count: { type: "number", required: true },
    malformed: { type: "number", required: true },
    duplicates: { type: "number", required: true },
    otherVersions: { type: CustomAttributeType<Record<string, number>>("any"), required: true },
    status: { type: reportStatuses, required: true },
    reason: { type: "string", required: true },
    findings: { type: CustomAttributeType<Finding[]>("any"), required: true },
    harm: { type: CustomAttributeType<Harm>("any") },
    harmUnknown: { type: "string" },
    key: { type: "string", required: true },
    examples: { type: CustomAttributeType<DriftReport["examples"]>("any") },
    createdAt: { type: "string", required: true },
    /** Epoch seconds when the table deletes it. */
    expires: { type: "number", required: true },
  },
  indexes: {
    byId: primary(["id"], []),
    byModel: gsi1(["model"], ["to", "id"]),
  },
});
export type DriftReportItem = EntityItem<typeof DriftReportEntity>;
