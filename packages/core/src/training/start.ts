// Asking for a training: everything is checked and written down with its event; what follows, follows from the event.
import { randomBytes } from "node:crypto";
import { jobName } from "@sluice/models/names.ts";
import { app } from "../aws/link.ts";
import { readyFromId, latestReady } from "../dataset/read.ts";
import { SluiceError, invalidInput } from "../error/error.ts";
import { commit } from "../event/record.ts";
import * as Model from "../model/model.ts";
import { toRun } from "./read.ts";
import { TrainingRequest } from "./request.ts";
import { settle, type Settled } from "./settle.ts";
import { busy, freeSlot, take } from "./slot.ts";
import type { TrainingRunItem } from "./training.entity.ts";
import type { TrainingRun } from "./training.ts";
import { told } from "./told.ts";

interface By {
  requestedBy: string;
  now: number;
  /** Sets apart runs of one second: four hex digits. */
  nonce?: string;
}

export async function start(
  model: string,
  wish: unknown,
  { requestedBy, now, nonce }: By,
): Promise<TrainingRun> {
  const { force, ...settled } = await checked(model, wish);
  const slot = force ? undefined : await freeSlot(model);
  const at = new Date(now).toISOString();
  const run: TrainingRunItem = {
    ...settled,
    name: nameOf(model, now, nonce),
    model,
    status: "Preparing",
    rank: 0,
    requestedBy,
    sourceModifiedAt: 0,
    createdAt: at,
    changedAt: at,
    active: "yes",
  };
  const begun = await commit([told(run)], now, (writers) => [
    writers.trainingRun.create(run).commit(),
    ...(slot ? [take(writers, model, run.name, slot)] : []),
  ]);
  if (begun) return toRun(run);
  await freeSlot(model);
  throw busy(model, "another run", "Preparing");
}

/** What a training that asks for this would be told; nothing is begun. */
export async function settings(model: string, wish: unknown): Promise<Settled & { dataset?: string }> {
  const { force: _, ...settled } = await checked(model, wish);
  return settled;
}

async function checked(model: string, wish: unknown) {
  Model.model(model);
  const parsed = TrainingRequest.safeParse(wish);
  if (!parsed.success) throw invalidInput(parsed.error);
  const settled = settle(model, parsed.data);
  return { ...settled, dataset: await datasetOf(model, parsed.data), force: parsed.data.force };
}

/** The one to learn from as it is; nothing when one is to be prepared. */
async function datasetOf(
  model: string,
  { dataset, skipDataPrep }: TrainingRequest,
): Promise<string | undefined> {
  if (dataset !== undefined) {
    const found = await readyFromId(dataset);
    if (found.model === model) return dataset;
    throw new SluiceError(
      "INPUT_INVALID",
      `dataset: ${dataset} is a dataset of ${found.model}, not of ${model}.`,
    );
  }
  if (!skipDataPrep) return undefined;
  const newest = await latestReady(model);
  if (newest) return newest.id;
  throw new SluiceError("DATASET_UNKNOWN", `skipDataPrep: ${model} has no dataset that is ready.`, {
    hint: "Leave it out, and one is prepared from the labels.",
  });
}

function nameOf(model: string, now: number, nonce = randomBytes(2).toString("hex")): string {
  const { name, stage } = app();
  const stamp = new Date(now).toISOString().replace(/\D/g, "").slice(0, 14);
  return jobName({ app: name, stage }, model, stamp, nonce);
}
