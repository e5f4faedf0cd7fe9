// A notice is what one delivery contains: one alert, or the summary of quiet hours.
import { createHash } from "node:crypto";
import * as z from "zod";
import { Alert } from "./alert.ts";

/** Alerts in a summary. Further ones are counted, so that a message fits into a queue and into Slack's 50 blocks. */
const MAX_ALERTS = 20;

export const Notice = z.object({
  /** The same for every attempt, and for a repeated event. */
  id: z.string(),
  type: z.enum(["alert", "summary", "test"]),
  title: z.string(),
  alerts: z.array(Alert),
  /** Alerts of the summary that are not listed. */
  omitted: z.number(),
});
export type Notice = z.output<typeof Notice>;

export const alertNotice = (rule: string, alert: Alert): Notice => ({
  id: noticeId(rule, [alert]),
  type: "alert",
  title: alert.title,
  alerts: [alert],
  omitted: 0,
});

export const summaryNotice = (rule: string, alerts: Alert[]): Notice => ({
  id: noticeId(rule, alerts),
  type: "summary",
  title: `${alerts.length} ${alerts.length === 1 ? "alert" : "alerts"} during quiet hours`,
  alerts: alerts.slice(0, MAX_ALERTS),
  omitted: Math.max(0, alerts.length - MAX_ALERTS),
});

export const testNotice = (rule: string, now: number): Notice => ({
  id: `msg_${digest([rule, "test", String(now)])}`,
  type: "test",
  title: "This is a test of an alert rule",
  alerts: [],
  omitted: 0,
});

/** All of a notice as text, for channels without a structure of their own. */
export const noticeText = ({ title, alerts, omitted }: Notice): string =>
  [
    ...(alerts.length === 1 ? [] : [title]),
    ...alerts.map((alert) => `${alert.title}\n${alert.text}\n${alert.link}`),
    ...(omitted > 0 ? [`${omitted} more: npx sluice alerts list`] : []),
  ].join("\n\n");

const noticeId = (rule: string, alerts: Alert[]) => `msg_${digest([rule, ...alerts.map(({ id }) => id)])}`;
const digest = (parts: string[]) =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
