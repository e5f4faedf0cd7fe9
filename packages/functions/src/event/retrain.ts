import { parseEvent } from "@sluice/core/event/receive.ts";
import { retrainIfDue } from "@sluice/core/training/retrain.ts";

export async function handler(event: unknown) {
  const { detail } = parseEvent(event, "labels.changed");
  await retrainIfDue(detail.model, Date.now());
}
