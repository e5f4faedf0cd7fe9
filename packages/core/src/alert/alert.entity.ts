import { CustomAttributeType, Entity, type EntityItem } from "electrodb";
import { gsi1, primary, service } from "../table.ts";
import { alertKinds, type Alert, channels, type QuietHours } from "./alert.ts";

/** The time in which repetitions of an alert are counted instead of raised. The newest of a model and kind is last. */
export const AlertWindowEntity = new Entity({
  model: { entity: "alertWindow", version: "1", service },
  attributes: {
    model: { type: "string", required: true },
    kind: { type: alertKinds, required: true },
    /** Id of the alert: ends in a number with leading zeros. */
    alert: { type: "string", required: true },
    number: { type: "number", required: true },
    until: { type: "string", required: true },
    /** Ids of what it is about. A set, so that an event that is delivered twice counts once. */
    sources: { type: "set", items: "string", required: true },
    /** When DynamoDB may delete it (epoch seconds). */
    expires: { type: "number", required: true },
  },
  indexes: {
    byKind: primary(["model", "kind"], ["alert"]),
  },
});

export const AlertRuleEntity = new Entity({
  model: { entity: "alertRule", version: "1", service },
  attributes: {
    id: { type: "string", required: true },
    channel: { type: channels, required: true },
    url: { type: "string" },
    /** Signs the messages of a webhook. */
    secret: { type: "string" },
    model: { type: "string" },
    kinds: { type: "list", items: { type: "string" } },
    quiet: { type: CustomAttributeType<QuietHours>("any") },
    createdBy: { type: "string", required: true },
    createdAt: { type: "string", required: true },
  },
  indexes: {
    byId: primary(["id"], []),
    all: gsi1([], ["createdAt", "id"]),
  },
});
export type AlertRuleItem = EntityItem<typeof AlertRuleEntity>;

/** Alerts of a rule's quiet hours, until their summary is sent. */
export const HeldAlertEntity = new Entity({
  model: { entity: "heldAlert", version: "1", service },
  attributes: {
    rule: { type: "string", required: true },
    alert: { type: "string", required: true },
    detail: { type: CustomAttributeType<Alert>("any"), required: true },
    /** When DynamoDB may delete it (epoch seconds). */
    expires: { type: "number", required: true },
  },
  indexes: {
    byRule: primary(["rule"], ["alert"]),
  },
});
