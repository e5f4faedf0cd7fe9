// Finds the record that a stored event is about.
import { db } from "../db.ts";
import { listEvents } from "../event/list.ts";
import type { EventItem } from "../event/event.entity.ts";
import { timeOf } from "../util/ordered-id.ts";
import type { Node } from "./node.ts";

const DAY_MS = 86_400_000;

/** Of an event, or of a record that is stored as an event. Its time is in the id. */
export async function findOfEvent(id: string, findSubject: (id: string) => Promise<Node[]>): Promise<Node[]> {
  const event = await findStored(id);
  if (!event) return [];
  const { type, model, subject, detail } = event;
  const own = String(detail["id"]);
  if (type === "retrain.decided") return [{ kind: "decision", model, id: own }];
  if (type === "alert.raised") return [{ kind: "alert", model, id: own }];
  if (type === "drift.detected") return [{ kind: "report", model, id: own }];
  if (type === "deployment.changed") return [{ kind: "deployment", model, id: own }];
  if (type === "review.requested") return [{ kind: "review", model, id: own }];
  return findSubject(subject);
}

/** In the month of its time, or in the next: an event that is written once has the time of its cause. */
async function findStored(id: string): Promise<EventItem | undefined> {
  const at = timeOf(id);
  if (at === undefined) return undefined;
  const months = new Set([at, at + DAY_MS].map((ms) => new Date(ms).toISOString().slice(0, 7)));
  for (const month of months) {
    const { data } = id.startsWith("evt_")
      ? await db().entities.event.query.byTime({ month, id }).go({ limit: 1 })
      : await db()
          .entities.event.query.byTime({ month })
          .where((is, { eq }) => eq(is.type, "retrain.decided"))
          .go({ pages: "all" });
    const found = data.find((event) => event.id === id || event.detail["id"] === id);
    if (found) return found;
  }
  return undefined;
}

/** A single change of labels has an event, and no record of an import. */
export async function findOfImport(id: string, now: number): Promise<Node[]> {
  const { data } = await db().entities.import.get({ id }).go();
  if (data) return [{ kind: "import", model: data.model, id }];
  const { items } = await listEvents({ subject: id, type: "labels.changed", limit: 1 }, now);
  const keys = (items[0]?.detail["keys"] as string[] | undefined) ?? [];
  return keys.map((key) => ({ kind: "label", model: items[0]!.model, id: key }));
}
