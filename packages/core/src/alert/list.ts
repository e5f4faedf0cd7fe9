// Lists alerts, newest first, with the number of their repetitions.
import * as z from "zod";
import { db } from "../db.ts";
import { EventQuery, listEvents } from "../event/list.ts";
import { Alert } from "./alert.ts";

export const ListedAlert = Alert.extend({
  /** How often it happened within its window: one message was sent. */
  count: z.number(),
});
export type ListedAlert = z.output<typeof ListedAlert>;

export const AlertQuery = EventQuery.pick({ model: true, from: true, to: true, limit: true, cursor: true });

export async function listAlerts(
  query: z.input<typeof AlertQuery>,
  now: number,
): Promise<{ items: ListedAlert[]; cursor?: string }> {
  const { items, ...page } = await listEvents({ ...query, type: "alert.raised" }, now);
  const alerts = items.map(({ detail }) => Alert.parse(detail));
  const counts = await countRepetitions(alerts);
  return { items: alerts.map((alert) => ({ ...alert, count: counts.get(alert.id) ?? 1 })), ...page };
}

async function countRepetitions(alerts: Alert[]): Promise<Map<string, number>> {
  if (alerts.length === 0) return new Map();
  const { data } = await db()
    .entities.alertWindow.get(alerts.map(({ model, kind, id }) => ({ model, kind, alert: id })))
    .go();
  return new Map(data.map(({ alert, sources }) => [alert, sources.length]));
}
