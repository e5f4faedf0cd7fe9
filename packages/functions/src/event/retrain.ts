import { parseEvent } from "@sluice/core/event/receive.ts";
import { askOf } from "@sluice/core/retrain/ask.ts";
import { checkRetrain } from "@sluice/core/retrain/check.ts";

export async function handler(event: unknown) {
  const received = parseEvent(event, "labels.changed", "drift.detected", "accuracy.low");
  const asked = askOf(received);
  if (asked) await checkRetrain(received.detail.model, asked, Date.now());
}
