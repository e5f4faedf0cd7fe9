// The stored events of a link.
import { listEvents, type EventRecord } from "../event/list.ts";
import type { Found, Kind } from "./trace.ts";

const EVENTS_PER_LINK = 50;
const DAY_MS = 86_400_000;

/** Listed by their model; the detail has their own id. */
const typesByModel: Partial<Record<Kind, string>> = {
  report: "drift.detected",
  decision: "retrain.decided",
  alert: "alert.raised",
};

/** Labels and predictions have no stored events. An endpoint's events include those of its deployments. */
export async function eventsOfLink(
  subject: string,
  { kind, id, model, at }: Found,
  now: number,
): Promise<EventRecord[]> {
  if (kind === "label" || kind === "prediction" || subject === "") return [];
  const type = typesByModel[kind];
  if (type) {
    // An event's id may have the earlier time of its cause.
    const from = new Date(Date.parse(at) - DAY_MS).toISOString();
    const to = new Date(Date.parse(at) + DAY_MS).toISOString();
    const { items } = await listEvents({ subject: model, type, from, to, limit: 200 }, now);
    return items.filter(({ detail }) => detail["id"] === id);
  }
  const { items } = await listEvents({ subject, model, limit: EVENTS_PER_LINK }, now);
  const own = items.filter(({ type: kindOfEvent, detail }) => {
    const ofDeployment = kindOfEvent === "deployment.changed";
    return kind === "deployment" ? ofDeployment && detail["id"] === id : !ofDeployment;
  });
  return own.toReversed();
}
