// Turns events into alerts. Repetitions of a model and kind within a window are counted, not raised again.
import { ALERT_WINDOW } from "@sluice/models/limits.ts";
import { seconds } from "@sluice/models/duration.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { log } from "../log.ts";
import type { Alert } from "./alert.ts";
import { type AlertContent, type AlertSource, describeAlert } from "./describe.ts";
import { pageLink } from "./page-link.ts";

/** Concurrent alerts of the same model and kind. */
const MAX_CONFLICTS = 10;
/** Bounds the size of the item; further repetitions are not counted. */
const MAX_SOURCES = 1_000;
/** As long as the stored event. */
const RETENTION_SECONDS = 400 * 86_400;
const TEXT_LENGTH = 1_000;

export async function raiseAlert(event: AlertSource, now: number): Promise<void> {
  const content = describeAlert(event);
  if (!content) return;
  const { model, kind, of } = content;
  for (let attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
    const latest = await latestWindow(content);
    if (latest?.sources.includes(of)) return;
    if (latest && Date.parse(latest.until) > now) {
      if (latest.sources.length < MAX_SOURCES) await count(latest, of);
      return log().info("Alert repeated", { model, kind, alert: latest.alert });
    }
    if (await open(content, (latest?.number ?? 0) + 1, now)) return;
  }
  throw new SluiceError(
    "TABLE_FAILED",
    `The alerts "${kind}" of ${model} were changed by other writers ${MAX_CONFLICTS} times in a row.`,
  );
}

async function latestWindow({ model, kind }: AlertContent) {
  const { data } = await db()
    .entities.alertWindow.query.byKind({ model, kind })
    .go({ order: "desc", limit: 1, consistent: true });
  return data[0];
}

type Window = NonNullable<Awaited<ReturnType<typeof latestWindow>>>;

async function count({ model, kind, alert }: Window, of: string) {
  await db()
    .entities.alertWindow.update({ model, kind, alert })
    .add({ sources: [of] })
    .go({ response: "none" });
}

/** False when a concurrent call opened the window first. */
async function open({ page, ...content }: AlertContent, number: number, now: number): Promise<boolean> {
  const { model, kind, of } = content;
  const alert: Alert = {
    ...content,
    text: shorten(content.text),
    id: alertId(model, kind, number),
    link: pageLink(page),
    changedAt: new Date(now).toISOString(),
  };
  const raised = await commit([{ type: "alert.raised", detail: alert }], now, ({ alertWindow }) => [
    alertWindow
      .create({
        model,
        kind,
        alert: alert.id,
        number,
        until: new Date(now + seconds(ALERT_WINDOW) * 1_000).toISOString(),
        sources: [of],
        expires: Math.floor(now / 1_000) + RETENTION_SECONDS,
      })
      .commit(),
  ]);
  if (raised) log().warn("Alert raised", { model, kind, alert: alert.id, of });
  return raised;
}

/** `alt_cats_training-failed_000012`: sorts by its number, and is the same for concurrent calls. */
const alertId = (model: string, kind: string, number: number) =>
  `alt_${model}_${kind.replace(".", "-")}_${String(number).padStart(6, "0")}`;

const shorten = (text: string) => (text.length > TEXT_LENGTH ? `${text.slice(0, TEXT_LENGTH)} ...` : text);
