// Moves a requested run forward: prepares its dataset, then creates the job. Safe to repeat.
import { prepare } from "../dataset/request.ts";
import { fromId } from "../dataset/read.ts";
import { db } from "../db.ts";
import { finish } from "./finish.ts";
import { active, itemOf } from "./read.ts";
import { submit } from "./submit.ts";
import type { TrainingRunItem } from "./training.entity.ts";

export async function advance(name: string, now: number): Promise<void> {
  const run = await itemOf(name);
  if (!run || run.status !== "Preparing" || run.stopRequested) return;
  const dataset = run.dataset ?? (await prepareDataset(run, now));
  if (dataset === undefined) return;
  const found = await fromId(dataset);
  if (found.status === "preparing") return;
  if (found.status === "ready") return submit({ ...run, dataset }, found, now);
  const { message, hint } = found.error ?? { message: "the reason is not known", hint: "" };
  await finish(
    run,
    { status: "Failed", reason: `The dataset could not be prepared: ${message} ${hint}` },
    now,
  );
}

/** Advances every run that waits for this dataset. */
export async function advanceWaitingFor(dataset: string, now: number): Promise<void> {
  for (const run of await active()) if (run.dataset === dataset) await advance(run.name, now);
}

/** Undefined when a concurrent call was faster: the run uses that dataset, and its event continues the run. */
async function prepareDataset(run: TrainingRunItem, now: number): Promise<string | undefined> {
  const { id } = await prepare({ model: run.model, requestedBy: run.name, now });
  const { rejected } = await db()
    .entities.trainingRun.update({ name: run.name })
    .set({ dataset: id })
    .where((is, { eq, notExists }) => `${eq(is.status, "Preparing")} AND ${notExists(is.dataset)}`)
    .go({ response: "none", returnOnConditionCheckFailure: true });
  return rejected ? undefined : id;
}
