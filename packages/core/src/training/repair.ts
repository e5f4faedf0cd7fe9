// Repairs runs whose event was lost: reads the jobs from SageMaker and republishes the events of waiting runs.
import { ListTagsCommand, paginateListTrainingJobs } from "@aws-sdk/client-sagemaker";
import { endpointPrefix } from "@sluice/models/names.ts";
import { appStage } from "../aws/link.ts";
import { isMissing } from "../aws/sagemaker-errors.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { isOwn } from "../aws/tags.ts";
import { publish } from "../event/publish.ts";
import type { Repairs } from "../reconcile/repairs.ts";
import { applyObservation } from "./change.ts";
import { finishRun, stoppedBeforeJob } from "./finish.ts";
import { describeJob, stopJob } from "./job.ts";
import { listActiveRuns, getRunItem } from "./read.ts";
import type { TrainingRunItem } from "./training.entity.ts";
import { changedEvent } from "./training.event.ts";

/** The event of a younger change is probably still on its way. */
const PATIENCE_MS = 60_000;
/** Older jobs have ended, or are known as active. */
const LISTED_MS = 2 * 86_400_000;

export async function repairTraining(now: number, { each }: Repairs): Promise<void> {
  await each(await listActiveRuns(), (run) => repair(run, now));
  await each(jobsWithoutRecord(now), async (name) => {
    const seen = await describeJob(name);
    if (seen) await applyObservation(seen, now);
  });
}

async function repair(run: TrainingRunItem, now: number): Promise<void> {
  if (Date.parse(run.changedAt) > now - PATIENCE_MS) return;
  const seen = run.status === "Preparing" && !run.submittedAt ? undefined : await describeJob(run.name);
  if (seen) {
    await applyObservation(seen, now);
    if (run.stopRequested) await stopJob(run.name);
  } else if (run.status !== "Preparing") {
    const reason = "Its job no longer exists in SageMaker; its result is not known.";
    await finishRun(run, { status: "Failed", reason, submitted: true }, now);
  } else if (run.stopRequested) {
    await finishRun(run, { status: "Stopped", reason: stoppedBeforeJob, submitted: true }, now);
  } else await publish([changedEvent(run)]);
}

async function* jobsWithoutRecord(now: number): AsyncGenerator<string> {
  const pages = paginateListTrainingJobs(
    { client: sagemaker(), pageSize: 100 },
    { NameContains: endpointPrefix(appStage()), CreationTimeAfter: new Date(now - LISTED_MS) },
  );
  for await (const { TrainingJobSummaries } of pages)
    for (const { TrainingJobName, TrainingJobArn } of TrainingJobSummaries ?? [])
      if (TrainingJobName && !(await getRunItem(TrainingJobName)) && (await isOwnJob(TrainingJobArn!)))
        yield TrainingJobName;
}

/** The listed names start with this stage's prefix, which also starts those of a stage with a longer name. */
async function isOwnJob(arn: string): Promise<boolean> {
  try {
    const { Tags = [] } = await sagemaker().send(new ListTagsCommand({ ResourceArn: arn }));
    return isOwn(Object.fromEntries(Tags.map(({ Key, Value }) => [Key!, Value!])));
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
