import { parseEvent } from "@sluice/core/event/receive.ts";
import { advanceRun, advanceRunsOfDataset } from "@sluice/core/training/advance.ts";

export async function handler(event: unknown) {
  const { type, detail } = parseEvent(event, "training.changed", "dataset.changed");
  if (type === "training.changed") await advanceRun(detail.name, Date.now());
  else await advanceRunsOfDataset(detail.id, Date.now());
}
