import { parseEvent } from "@sluice/core/event/receive.ts";
import { registerRun } from "@sluice/core/evaluation/trained.ts";

export async function handler(event: unknown) {
  const { detail: run } = parseEvent(event, "training.changed");
  if (run.status === "Completed") await registerRun(run, Date.now());
}
