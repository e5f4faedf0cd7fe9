import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { finish } from "./finish.ts";
import { stopJob } from "./job.ts";
import { fromName, itemOf } from "./read.ts";
import { isOver, type TrainingRun } from "./training.ts";

/** In every state: before there is a job, while one is being created, while it runs. */
export async function stop(name: string, now: number): Promise<TrainingRun> {
  const run = await itemOf(name);
  if (!run) return fromName(name);
  if (isOver(run.status)) {
    throw new SluiceError("TRAINING_OVER", `${name} is ${run.status} already.`, {
      details: { status: run.status },
    });
  }
  const stopped = await finish(run, { status: "Stopped", reason: "Stopped before its job began." }, now);
  if (stopped) return stopped;
  // Marked first: whoever is creating the job right now looks at it afterwards.
  await db().entities.trainingRun.update({ name }).set({ stopRequested: true }).go({ response: "none" });
  await stopJob(name);
  return fromName(name);
}
