// Moves a requested run forward: prepares its dataset, then creates the job. Safe to repeat.
import { requestDataset } from "../dataset/request.ts";
import { getDataset } from "../dataset/read.ts";
import { db } from "../db.ts";
import { finishRun } from "./finish.ts";
import { listActiveRuns, getRunItem } from "./read.ts";
import { submitJob } from "./submit.ts";
import type { TrainingRunItem } from "./training.entity.ts";

export async function advanceRun(name: string, now: number): Promise<void> {
  const run = await getRunItem(name);
  if (!run || run.status !== "Preparing" || run.stopRequested) return;
  const dataset = run.dataset ?? (await prepareDataset(run, now));
  if (dataset === undefined) return;
  const found = await getDataset(dataset);
  if (found.status === "preparing") return;
  if (found.status === "ready") return submitJob({ ...run, dataset }, found, now);
  const { message, hint } = found.error ?? { message: "the reason is not known", hint: "" };
  await finishRun(
    run,
    { status: "Failed", reason: `The dataset could not be prepared: ${message} ${hint}` },
    now,
  );
}

/** Advances every run that waits for this dataset. */
export async function advanceRunsOfDataset(dataset: string, now: number): Promise<void> {
  for (const run of await listActiveRuns()) if (run.dataset === dataset) await advanceRun(run.name, now);
}

/** Undefined when a concurrent call was faster: the run uses that dataset, and its event continues the run. */
async function prepareDataset(run: TrainingRunItem, now: number): Promise<string | undefined> {
  const { model, name, productionDays, createdAt } = run;
  const productionSince =
    productionDays === undefined
      ? undefined
      : new Date(Date.parse(createdAt) - productionDays * 86_400_000).toISOString();
  const { id } = await requestDataset({ model, productionSince, requestedBy: name, now });
  const { rejected } = await db()
    .entities.trainingRun.update({ name })
    .set({ dataset: id })
    .where((is, { eq, notExists }) => `${eq(is.status, "Preparing")} AND ${notExists(is.dataset)}`)
    .go({ response: "none", returnOnConditionCheckFailure: true });
  return rejected ? undefined : id;
}
