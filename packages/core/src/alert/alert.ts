// Schemas of alerts and delivery rules.
import * as z from "zod";

export const alertKinds = ["training.failed", "deployment.failed", "drift", "accuracy", "budget"] as const;
export const AlertKind = z.enum(alertKinds);
export type AlertKind = z.output<typeof AlertKind>;

/** The stored event `alert.raised` is the record of an alert. */
export const Alert = z.object({
  id: z.string(),
  kind: AlertKind,
  model: z.string(),
  title: z.string(),
  text: z.string(),
  /** URL of the page about it. */
  link: z.string(),
  /** Id of what it is about: a run, a deployment, a drift report, or a period. */
  of: z.string(),
  changedAt: z.string(),
});
export type Alert = z.output<typeof Alert>;

const Time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, "must be a time such as 22:00");

/** An IANA name: unlike an offset, it follows daylight saving time. */
const TimeZone = z
  .string()
  .max(60)
  .refine((zone) => /^[A-Za-z]/.test(zone) && isTimeZone(zone), "must be a time zone such as Europe/Berlin");

/** Daily, over midnight if `from` is later than `to`. */
export const QuietHours = z
  .strictObject({ from: Time, to: Time, zone: TimeZone })
  .refine(({ from, to }) => from !== to, "from and to must differ");
export type QuietHours = z.output<typeof QuietHours>;

/** `slack`: Slack's incoming webhooks, and services that accept their format. `sns`: the app's topic of alerts. */
export const channels = ["webhook", "slack", "sns"] as const;
export const Channel = z.enum(channels);
export type Channel = z.output<typeof Channel>;

/** Where alerts are delivered, as the API shows it. */
export const AlertRule = z.object({
  id: z.string(),
  channel: Channel,
  /** Only the origin: the path of a webhook's URL may be a secret. */
  origin: z.string().optional(),
  /** Absent: all models. */
  model: z.string().optional(),
  /** Absent: all kinds. */
  kinds: z.array(AlertKind).optional(),
  quiet: QuietHours.optional(),
  createdBy: z.string(),
  createdAt: z.string(),
});
export type AlertRule = z.output<typeof AlertRule>;

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
