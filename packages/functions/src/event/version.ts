import { schemas } from "@sluice/core/event/domain.ts";
import { fromMissedRuns, fromRun } from "@sluice/core/evaluation/trained.ts";

const Trained = schemas["training.changed"];

/** A run that completed, or the clock. */
export async function handler({ detail }: { detail?: unknown }) {
  const run = Trained.safeParse(detail).data;
  if (!run) await fromMissedRuns(Date.now());
  else if (run.status === "Completed") await fromRun(run, Date.now());
}
