// Applies what SageMaker reports about a job to its record, in any order and as often as reported.
import { estimateTraining } from "../cost/estimate.ts";
import { readPrices } from "../cost/prices.ts";
import type { Writers } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { log } from "../log.ts";
import { listModels } from "../model/model.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import { describeJob } from "./job.ts";
import { parseJobEvent, type JobObservation } from "./job-event.ts";
import { getRunItem } from "./read.ts";
import type { TrainingRunItem } from "./training.entity.ts";
import { changedEvent } from "./training.event.ts";
import { finalRank, hasEnded, rank, type TrainingRun } from "./training.ts";

/** Concurrent writers of the same record. */
const MAX_CONFLICTS = 10;

export async function handleJobEvent(event: unknown, now: number): Promise<void> {
  const seen = parseJobEvent(event);
  if (!(await isOurs(seen))) return;
  // The event of an ended job lacks its billable seconds and metrics.
  const job = hasEnded(seen.status) ? await describeJob(seen.name) : undefined;
  await applyObservation(job && hasEnded(job.status) ? job : seen, now);
}

async function isOurs({ name, model }: JobObservation): Promise<boolean> {
  if (model !== undefined) return isDeclared(model);
  return (await getRunItem(name)) !== undefined;
}

const isDeclared = (model: string) => listModels().some(({ name }) => name === model);

/** False when the record is already as new, or newer. */
export async function applyObservation(seen: JobObservation, now: number): Promise<boolean> {
  for (let attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
    const before = await getRunItem(seen.name);
    if (!before && (seen.model === undefined || !isDeclared(seen.model))) return false;
    if (before && !isNewer(before, seen)) return false;
    const after = next(before, seen, now);
    const written = await commit([changedEvent(after)], now, ({ trainingRun }) => [
      before ? update(trainingRun, before, after) : trainingRun.create(after).commit(),
    ]);
    if (!written) continue;
    log().info("Training changed", { run: after.name, status: after.status, step: after.secondaryStatus });
    return true;
  }
  throw new SluiceError(
    "TABLE_FAILED",
    `${seen.name} was changed by other writers ${MAX_CONFLICTS} times in a row.`,
  );
}

function isNewer({ rank: known, sourceModifiedAt }: TrainingRunItem, { status, modifiedAt }: JobObservation) {
  if (known >= finalRank) return false;
  // An ended job never becomes active again, even if a report has a later time.
  if (hasEnded(status)) return true;
  return sourceModifiedAt < modifiedAt || (sourceModifiedAt === modifiedAt && known < rank[status]);
}

function next(before: TrainingRunItem | undefined, seen: JobObservation, now: number): TrainingRunItem {
  const { modifiedAt, createdAt, model, ...found } = seen;
  const after: TrainingRunItem = {
    ...before,
    // An undefined field must not overwrite a known one.
    ...withoutUndefined(found),
    model: before?.model ?? model!,
    createdAt: before?.createdAt ?? new Date(createdAt).toISOString(),
    rank: rank[seen.status],
    sourceModifiedAt: modifiedAt,
    changedAt: new Date(now).toISOString(),
    active: hasEnded(seen.status) ? "no" : "yes",
  };
  return hasEnded(seen.status) ? { ...after, cost: costOf(after) } : after;
}

function update(writer: Writers["trainingRun"], before: TrainingRunItem, after: TrainingRunItem) {
  const { name, model: _, createdAt: __, ...set } = after;
  return writer
    .update({ name })
    .set(withoutUndefined(set))
    .where((is, { eq }) => `${eq(is.changedAt, before.changedAt)} AND ${eq(is.rank, before.rank)}`)
    .commit();
}

/** Undefined when the price of the instance is not known. */
export function costOf({
  instance,
  billableSeconds,
}: Pick<TrainingRun, "instance" | "billableSeconds">): TrainingRun["cost"] {
  if (instance === undefined || billableSeconds === undefined) return undefined;
  const table = readPrices();
  // The billable seconds already include the spot discount.
  const job = { instance, seconds: billableSeconds, spot: false };
  return instance in table.training ? estimateTraining(job, table) : undefined;
}
