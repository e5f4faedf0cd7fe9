import { parseEvent } from "@sluice/core/event/receive.ts";
import { advance, advanceWaitingFor } from "@sluice/core/training/advance.ts";

export async function handler(event: unknown) {
  const { type, detail } = parseEvent(event, "training.changed", "dataset.changed");
  if (type === "training.changed") await advance(detail.name, Date.now());
  else await advanceWaitingFor(detail.id, Date.now());
}
