import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { finish, stoppedBeforeJob } from "./finish.ts";
import { stopJob } from "./job.ts";
import { fromName, itemOf } from "./read.ts";
import { isOver, type TrainingRun } from "./training.ts";

/** Works before the job exists, while it is being created and while it runs. */
export async function stop(name: string, now: number): Promise<TrainingRun> {
  const run = await itemOf(name);
  if (!run) return fromName(name);
  if (isOver(run.status)) {
    throw new SluiceError("TRAINING_ENDED", `${name} is already ${run.status}.`, {
      details: { status: run.status },
    });
  }
  const stopped = await finish(run, { status: "Stopped", reason: stoppedBeforeJob }, now);
  if (stopped) return stopped;
  // Set before stopping: a worker that is creating the job checks it afterwards.
  await db().entities.trainingRun.update({ name }).set({ stopRequested: true }).go({ response: "none" });
  await stopJob(name);
  return fromName(name);
}
