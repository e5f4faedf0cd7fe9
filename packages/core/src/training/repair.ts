// Training events that were lost: SageMaker is asked, and what waits is woken.
import { paginateListTrainingJobs } from "@aws-sdk/client-sagemaker";
import { endpointPrefix } from "@sluice/models/names.ts";
import { app } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { publish } from "../event/publish.ts";
import type { Repairs } from "../reconcile/each.ts";
import { apply } from "./change.ts";
import { finish } from "./finish.ts";
import { describe, stopJob } from "./job.ts";
import { active, itemOf } from "./read.ts";
import { told } from "./told.ts";
import type { TrainingRunItem } from "./training.entity.ts";

/** Younger ones are about to be moved on by their event. */
const PATIENCE_MS = 60_000;
/** Jobs that began before are over, or known as active. */
const LISTED_MS = 2 * 86_400_000;

export async function repairTraining(now: number, { each }: Repairs): Promise<void> {
  await each(await active(), (run) => repair(run, now));
  await each(unknown(now), async (name) => {
    const seen = await describe(name);
    if (seen) await apply(seen, now);
  });
}

async function repair(run: TrainingRunItem, now: number): Promise<void> {
  if (Date.parse(run.changedAt) > now - PATIENCE_MS) return;
  const seen = run.status === "Preparing" && !run.submittedAt ? undefined : await describe(run.name);
  if (seen) {
    await apply(seen, now);
    if (run.stopRequested) await stopJob(run.name);
    return;
  }
  if (run.status !== "Preparing") {
    const reason = "Its job is no longer there; SageMaker does not say what became of it.";
    await finish(run, { status: "Failed", reason, submitted: true }, now);
  } else if (run.stopRequested) {
    await finish(run, { status: "Stopped", reason: "Stopped before its job began.", submitted: true }, now);
  } else await publish([told(run)]);
}

/** Jobs of this app that have no record. */
async function* unknown(now: number): AsyncGenerator<string> {
  const { name, stage } = app();
  const pages = paginateListTrainingJobs(
    { client: sagemaker(), pageSize: 100 },
    { NameContains: endpointPrefix({ app: name, stage }), CreationTimeAfter: new Date(now - LISTED_MS) },
  );
  for await (const { TrainingJobSummaries } of pages)
    for (const { TrainingJobName } of TrainingJobSummaries ?? [])
      if (TrainingJobName && !(await itemOf(TrainingJobName))) yield TrainingJobName;
}
