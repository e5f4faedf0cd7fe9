import { received } from "@sluice/core/event/receive.ts";
import { labelsGained, lookAgain, onSchedule } from "@sluice/core/training/retrain.ts";

/** New labels, a model's own schedule, or the hourly look at what had to wait. */
export async function handler(event: { source?: string; scheduled?: string }) {
  const now = Date.now();
  if (event.scheduled !== undefined) return void (await onSchedule(event.scheduled, now));
  if (event.source === undefined || event.source === "aws.scheduler") return lookAgain(now);
  const { type, detail } = received(event);
  if (type === "labels.changed") await labelsGained(detail.model, now);
}
