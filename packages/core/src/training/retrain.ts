// Automatic trainings: a model declares how many new labels, how often, and for how much money a month.
import { byName, models } from "@sluice/models/index.ts";
import { seconds } from "@sluice/models/duration.ts";
import { toSluiceError } from "../error/error.ts";
import { listEvents } from "../event/list.ts";
import { commit } from "../event/record.ts";
import { log } from "../log.ts";
import { listRuns } from "./read.ts";
import { recordRefusal } from "./refuse.ts";
import { startTraining, type Context } from "./start.ts";
import { hasEnded, type TrainingRun } from "./training.ts";

export type RetrainDecision =
  | { start: true }
  /** `overBudget`: everything else would allow it. */
  | { start: false; reason: string; overBudget?: boolean };

/** A model has tens of runs a month at most. */
const MAX_RUNS = 100;

export async function retrainIfDue(model: string, now: number): Promise<TrainingRun | undefined> {
  const decision = await checkRetrain(model, now);
  if (decision.start) return startOnce(model, "retrain: new labels", now);
  if (decision.overBudget) await defer(model, decision.reason, now);
  else log().info("No retraining", { model, reason: decision.reason });
  return undefined;
}

/** For labels that arrived during a training or a cooldown. A failure of one model does not stop the others. */
export async function retrainAllDue(now: number): Promise<void> {
  for (const { name, retrain } of models) {
    if (!retrain) continue;
    await retrainIfDue(name, now).catch((error: unknown) =>
      log().error("The retraining check failed", { model: name, error: String(error) }),
    );
  }
}

/** At the declared times, with or without new labels, but within the budget. */
export async function retrainOnSchedule(model: string, now: number): Promise<TrainingRun | undefined> {
  const declared = byName(model)?.retrain;
  if (!declared) return undefined;
  const { items } = await listRuns({ model, limit: MAX_RUNS });
  const over = overBudget(items, declared.budget, now);
  if (!over) return startOnce(model, "retrain: schedule", now);
  await defer(model, over, now);
  return undefined;
}

/** Publishes one event a month, however often the check runs. */
async function defer(model: string, reason: string, now: number): Promise<void> {
  const changedAt = new Date(now).toISOString();
  const from = `${changedAt.slice(0, 7)}-01T00:00:00.000Z`;
  const { items } = await listEvents({ subject: model, type: "training.deferred", from, limit: 1 }, now);
  if (items.length > 0) return;
  await commit([{ type: "training.deferred", detail: { model, reason, changedAt } }], now, () => []);
  log().warn("Retraining waits for the next month", { model, reason });
}

/** A repeated event, or a concurrent call, finds the model busy. */
async function startOnce(model: string, requestedBy: string, now: number): Promise<TrainingRun | undefined> {
  try {
    return await startOrRecord(model, { requestedBy, now });
  } catch (error) {
    if (toSluiceError(error).code === "TRAINING_BUSY") return undefined;
    throw error;
  }
}

async function startOrRecord(model: string, context: Context): Promise<TrainingRun | undefined> {
  try {
    return await startTraining(model, {}, context);
  } catch (thrown) {
    const error = toSluiceError(thrown);
    if (error.code === "TRAINING_BUSY" || error.kind === "system") throw error;
    log().warn("The retraining cannot start", { model, code: error.code, reason: error.message });
    return recordRefusal(model, error, context);
  }
}

export async function checkRetrain(model: string, now: number): Promise<RetrainDecision> {
  const declared = byName(model)?.retrain;
  if (!declared) return no("its declaration has no `retrain`");
  const { items } = await listRuns({ model, limit: MAX_RUNS });
  const running = items.find(({ status }) => !hasEnded(status));
  if (running) return no(`${running.name} is ${running.status}`);
  // A run without a job cost nothing, so it starts no cooldown.
  const last = items.find(({ submittedAt }) => submittedAt !== undefined);
  const earliest = last ? Date.parse(last.createdAt) + seconds(declared.cooldown) * 1_000 : 0;
  if (earliest > now) return no(`it cools down until ${new Date(earliest).toISOString()}`);
  const added = await labelsSince(model, last?.createdAt, now);
  const latest = items[0];
  if (latest && latest !== last && added.newest <= latest.createdAt)
    return no(`${latest.name} failed, and there are no new labels since`);
  if (added.labels < declared.minimumNewLabels)
    return no(`${added.labels} labels are new, ${declared.minimumNewLabels} are needed`);
  const over = overBudget(items, declared.budget, now);
  return over ? { ...no(over), overBudget: true } : { start: true };
}

const no = (reason: string) => ({ start: false as const, reason });

function overBudget(runs: TrainingRun[], budget: number, now: number): string | undefined {
  const month = new Date(now).toISOString().slice(0, 7);
  const spent = runs
    .filter(({ createdAt }) => createdAt.startsWith(month))
    .reduce((sum, { cost }) => sum + (cost?.dollars ?? 0), 0);
  return spent >= budget ? `$${spent.toFixed(2)} of this month's $${budget} are spent.` : undefined;
}

/**
 * Labels added or changed since, by their events. Labels that arrive during a run count for the next one, though the
 * run may have used some: one training too early is better than a lost label.
 */
async function labelsSince(model: string, since: string | undefined, now: number) {
  const from = since && new Date(Date.parse(since) + 1).toISOString();
  let labels = 0;
  let newest = "";
  let cursor: string | undefined;
  do {
    const page = await listEvents({ model, type: "labels.changed", from, limit: 200, cursor }, now);
    for (const { detail, at } of page.items) {
      labels += Number(detail["added"]) + Number(detail["changed"]);
      if (at > newest) newest = at;
    }
    cursor = page.cursor;
  } while (cursor);
  return { labels, newest };
}
