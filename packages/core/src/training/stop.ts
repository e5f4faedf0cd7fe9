import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { finishRun, stoppedBeforeJob } from "./finish.ts";
import { stopJob } from "./job.ts";
import { getRun, getRunItem } from "./read.ts";
import { hasEnded, type TrainingRun } from "./training.ts";

/** Works before the job exists, while it is being created and while it runs. */
export async function stopTraining(name: string, now: number): Promise<TrainingRun> {
  const run = await getRunItem(name);
  if (!run) return getRun(name);
  if (hasEnded(run.status)) {
    throw new SluiceError("TRAINING_ENDED", `${name} is already ${run.status}.`, {
      details: { status: run.status },
    });
  }
  const stopped = await finishRun(run, { status: "Stopped", reason: stoppedBeforeJob }, now);
  if (stopped) return stopped;
  // Set before stopping: a worker that is creating the job checks it afterwards.
  await db().entities.trainingRun.update({ name }).set({ stopRequested: true }).go({ response: "none" });
  await stopJob(name);
  return getRun(name);
}
