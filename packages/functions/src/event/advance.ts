import { received } from "@sluice/core/event/receive.ts";
import { advance, advanceWaitingFor } from "@sluice/core/training/advance.ts";

export async function handler(event: unknown) {
  const { type, detail } = received(event);
  if (type === "training.changed") await advance(detail.name, Date.now());
  if (type === "dataset.changed") await advanceWaitingFor(detail.id, Date.now());
}
