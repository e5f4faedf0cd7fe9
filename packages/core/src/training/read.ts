import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { fn } from "../util/fn.ts";
import { pageOf } from "../util/page.ts";
import { TrainingRun, TrainingStatus } from "./training.ts";
import type { TrainingRunItem } from "./training.entity.ts";

export const toRun = (item: TrainingRunItem): TrainingRun => TrainingRun.parse(item);

export async function getRunItem(name: string): Promise<TrainingRunItem | undefined> {
  const { data } = await db().entities.trainingRun.get({ name }).go({ consistent: true });
  return data ?? undefined;
}

export async function getRun(name: string): Promise<TrainingRun> {
  const item = await getRunItem(name);
  if (item) return toRun(item);
  throw new SluiceError("TRAINING_UNKNOWN", `There is no training run ${name}.`, { details: { name } });
}

export const RunQuery = z.object({
  model: z.string().optional(),
  status: TrainingStatus.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().max(2_000).optional(),
});

/** Newest first; of all models without `model`. */
export const listRuns = fn(RunQuery, async ({ model, status, limit, cursor }) => {
  if (model !== undefined) getModel(model);
  const { trainingRun } = db().entities;
  const line = model === undefined ? trainingRun.query.byTime({}) : trainingRun.query.byModel({ model });
  const query = line.where((is, { eq }) => (status === undefined ? "" : eq(is.status, status)));
  const size = status === undefined ? { limit } : { count: limit };
  return pageOf(query, { ...size, cursor, order: "desc" }, toRun);
});

/** All runs of a model since `from`, newest first. */
export async function listRunsSince(model: string, from: string): Promise<TrainingRun[]> {
  const { data } = await db()
    .entities.trainingRun.query.byModel({ model })
    .gte({ createdAt: from })
    .go({ order: "desc", pages: "all" });
  return data.map(toRun);
}

export async function lastCompleted(model: string): Promise<TrainingRun | undefined> {
  return (await listRuns({ model, status: "Completed", limit: 1 })).items[0];
}

/** Runs of all models that have not ended. */
export async function listActiveRuns(): Promise<TrainingRunItem[]> {
  const { data } = await db().entities.trainingRun.query.byActive({ active: "yes" }).go({ pages: "all" });
  return data;
}
