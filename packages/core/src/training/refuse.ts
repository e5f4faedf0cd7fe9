// Records an automatic training that cannot start as a failed run: nobody waits for its error, and repeating its event
// would not help.
import { byName } from "@sluice/models/index.ts";
import type { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { MAX_REASON } from "./finish.ts";
import { toRun } from "./read.ts";
import { findFreeSlot, takeSlot } from "./slot.ts";
import { type Context, createRun, recordedWith } from "./start.ts";
import type { TrainingRunItem } from "./training.entity.ts";
import { changedEvent } from "./training.event.ts";
import { rank, type TrainingRun } from "./training.ts";

/** Undefined when a concurrent call was faster. */
export async function recordRefusal(
  model: string,
  { code, message, hint }: SluiceError,
  context: Context,
): Promise<TrainingRun | undefined> {
  const slot = await findFreeSlot(model);
  const run = createRun(model, context);
  const refused: TrainingRunItem = {
    ...run,
    container: byName(model)?.training.container,
    status: "Failed",
    rank: rank.Failed,
    active: "no",
    finishedAt: run.createdAt,
    failureReason: `${code}: ${message} ${hint}`.slice(0, MAX_REASON),
  };
  const events = [changedEvent(refused), ...recordedWith(context, run.name)];
  const written = await commit(events, context.now, (writers) => [
    writers.trainingRun.create(refused).commit(),
    takeSlot(writers, model, run.name, slot),
  ]);
  return written ? toRun(refused) : undefined;
}
