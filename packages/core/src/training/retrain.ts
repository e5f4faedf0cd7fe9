// Trainings that nobody asks for: a model's declaration says after how many new labels, how often, for how much a month.
import { byName, models } from "@sluice/models/index.ts";
import { seconds } from "@sluice/models/duration.ts";
import { list as events } from "../event/list.ts";
import { commit } from "../event/record.ts";
import { toSluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import { list } from "./read.ts";
import { start } from "./start.ts";
import { isOver, type TrainingRun } from "./training.ts";

export type Verdict =
  | { start: true }
  /** `spent`: nothing but the budget is in the way. */
  | { start: false; why: string; spent?: boolean };

/** Runs of a model are tens a month at most. */
const RUNS_LOOKED_AT = 100;

export async function labelsGained(model: string, now: number): Promise<TrainingRun | undefined> {
  const verdict = await due(model, now);
  if (verdict.start) return begin(model, "retrain: new labels", now);
  if (verdict.spent) await deferred(model, verdict.why, now);
  else log().info("No retraining", { model, why: verdict.why });
  return undefined;
}

/** Labels that came during a training or a cooldown. A failure of one model is not the others' business. */
export async function lookAgain(now: number): Promise<void> {
  for (const { name, retrain } of models) {
    if (!retrain) continue;
    await labelsGained(name, now).catch((error: unknown) =>
      log().error("Retraining could not be judged", { model: name, error: String(error) }),
    );
  }
}

/** At its declared times, whatever is new; within the budget all the same. */
export async function onSchedule(model: string, now: number): Promise<TrainingRun | undefined> {
  const declared = byName(model)?.retrain;
  if (!declared) return undefined;
  const { items } = await list({ model, limit: RUNS_LOOKED_AT });
  const over = overBudget(items, declared.budget, now);
  if (!over) return begin(model, "retrain: schedule", now);
  await deferred(model, over, now);
  return undefined;
}

/** Told once a month, however often it is looked at. */
async function deferred(model: string, reason: string, now: number): Promise<void> {
  const changedAt = new Date(now).toISOString();
  const from = `${changedAt.slice(0, 7)}-01T00:00:00.000Z`;
  const { items } = await events({ subject: model, type: "training.deferred", from, limit: 1 }, now);
  if (items.length > 0) return;
  await commit([{ type: "training.deferred", detail: { model, reason, changedAt } }], now, () => []);
  log().warn("Retraining waits for the next month", { model, why: reason });
}

async function begin(model: string, requestedBy: string, now: number): Promise<TrainingRun | undefined> {
  try {
    return await start(model, {}, { requestedBy, now });
  } catch (error) {
    // Somebody was faster; a repeated event.
    if (toSluiceError(error).code === "TRAINING_BUSY") return undefined;
    throw error;
  }
}

export async function due(model: string, now: number): Promise<Verdict> {
  const declared = byName(model)?.retrain;
  if (!declared) return no("its declaration has no `retrain`");
  const { items } = await list({ model, limit: RUNS_LOOKED_AT });
  const running = items.find(({ status }) => !isOver(status));
  if (running) return no(`${running.name} is ${running.status}`);
  // One that never became a job cost nothing and taught nothing; it waits for the next new label all the same.
  const last = items.find(({ submittedAt }) => submittedAt !== undefined);
  const waits = last ? Date.parse(last.createdAt) + seconds(declared.cooldown) * 1_000 : 0;
  if (waits > now) return no(`it cools down until ${new Date(waits).toISOString()}`);
  const gained = await gainedSince(model, last?.createdAt, now);
  const latest = items[0];
  if (latest && latest !== last && gained.newest <= latest.createdAt)
    return no(`${latest.name} failed, and nothing is new since`);
  if (gained.labels < declared.minimumNewLabels)
    return no(`${gained.labels} labels are new, ${declared.minimumNewLabels} are needed`);
  const over = overBudget(items, declared.budget, now);
  return over ? { ...no(over), spent: true } : { start: true };
}

const no = (why: string) => ({ start: false as const, why });

function overBudget(runs: TrainingRun[], budget: number, now: number): string | undefined {
  const month = new Date(now).toISOString().slice(0, 7);
  const spent = runs
    .filter(({ createdAt }) => createdAt.startsWith(month))
    .reduce((sum, { cost }) => sum + (cost?.dollars ?? 0), 0);
  return spent >= budget ? `$${spent.toFixed(2)} of this month's $${budget} are spent.` : undefined;
}

/**
 * Added or changed after then, as the events tell, and when the newest of these came. Labels that came while a run was
 * on are the next one's, though it may have learned from some of them: rather one training too early than a label lost.
 */
async function gainedSince(model: string, since: string | undefined, now: number) {
  const from = since && new Date(Date.parse(since) + 1).toISOString();
  let labels = 0;
  let newest = "";
  let cursor: string | undefined;
  do {
    const page = await events({ model, type: "labels.changed", from, limit: 200, cursor }, now);
    for (const { detail, at } of page.items) {
      labels += Number(detail["added"]) + Number(detail["changed"]);
      if (at > newest) newest = at;
    }
    cursor = page.cursor;
  } while (cursor);
  return { labels, newest };
}
