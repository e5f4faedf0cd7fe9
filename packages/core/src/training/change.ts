// SageMaker's word on a job becomes the record, however often and in whatever order it comes.
import { training as priced } from "../cost/estimate.ts";
import { prices } from "../cost/prices.ts";
import type { Writers } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { log } from "../log.ts";
import * as Model from "../model/model.ts";
import { describe } from "./job.ts";
import { observe, type Observation } from "./observe.ts";
import { itemOf } from "./read.ts";
import { told } from "./told.ts";
import type { TrainingRunItem } from "./training.entity.ts";
import { finalRank, isOver, rank, type TrainingRun } from "./training.ts";

/** How often somebody else may write in between. */
const attempts = 10;

export async function react(event: unknown, now: number): Promise<void> {
  const seen = observe(event);
  if (!(await isOurs(seen))) return;
  // The event says that it is over; only the job itself says with what.
  const whole = isOver(seen.status) ? await describe(seen.name) : undefined;
  await apply(whole && isOver(whole.status) ? whole : seen, now);
}

async function isOurs({ name, model }: Observation): Promise<boolean> {
  if (model !== undefined) return isDeclared(model);
  return (await itemOf(name)) !== undefined;
}

const isDeclared = (model: string) => Model.list().some(({ name }) => name === model);

/** False when the table knew as much or more already. */
export async function apply(seen: Observation, now: number): Promise<boolean> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const before = await itemOf(seen.name);
    if (!before && (seen.model === undefined || !isDeclared(seen.model))) return false;
    if (before && !isNews(before, seen)) return false;
    const after = next(before, seen, now);
    const done = await commit([told(after)], now, ({ trainingRun }) => [
      before ? changed(trainingRun, before, after) : trainingRun.create(after).commit(),
    ]);
    if (!done) continue;
    log().info("Training changed", { run: after.name, status: after.status, step: after.secondaryStatus });
    return true;
  }
  throw new SluiceError("TABLE_FAILED", `${seen.name} was written by others ${attempts} times meanwhile.`);
}

function isNews({ rank: known, sourceModifiedAt }: TrainingRunItem, { status, modifiedAt }: Observation) {
  if (known >= finalRank) return false;
  // A job that is over was never under way again, whatever the clocks say.
  if (isOver(status)) return true;
  return sourceModifiedAt < modifiedAt || (sourceModifiedAt === modifiedAt && known < rank[status]);
}

function next(before: TrainingRunItem | undefined, seen: Observation, now: number): TrainingRunItem {
  const { modifiedAt, createdAt, model, ...found } = seen;
  // What is undefined, also deep inside, overwrites nothing.
  const known = JSON.parse(JSON.stringify(found)) as typeof found;
  const after = {
    ...before,
    ...known,
    model: before?.model ?? model!,
    createdAt: before?.createdAt ?? new Date(createdAt).toISOString(),
    rank: rank[seen.status],
    sourceModifiedAt: modifiedAt,
    changedAt: new Date(now).toISOString(),
    active: isOver(seen.status) ? "no" : "yes",
  } as TrainingRunItem;
  return isOver(seen.status) ? { ...after, cost: costOf(after) } : after;
}

function changed(writer: Writers["trainingRun"], before: TrainingRunItem, after: TrainingRunItem) {
  const { name, model: _, createdAt: __, ...set } = after;
  const filled = Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
  return writer
    .update({ name })
    .set(filled)
    .where((is, { eq }) => `${eq(is.changedAt, before.changedAt)} AND ${eq(is.rank, before.rank)}`)
    .commit();
}

/** What the job's seconds cost; nothing where no price is known. */
export function costOf({
  instance,
  billableSeconds,
}: Pick<TrainingRun, "instance" | "billableSeconds">): TrainingRun["cost"] {
  if (instance === undefined || billableSeconds === undefined) return undefined;
  const table = prices();
  // Spot's discount is in the billable seconds already.
  const job = { instance, seconds: billableSeconds, spot: false };
  return instance in table.training ? priced(job, table) : undefined;
}
