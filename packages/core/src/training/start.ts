// Starts a training: checks the request and writes the run with its event. The event starts the next step.
import { randomBytes } from "node:crypto";
import { jobName } from "@sluice/models/names.ts";
import { appStage } from "../aws/link.ts";
import { latestReady, getReadyDataset } from "../dataset/read.ts";
import { invalidInput, SluiceError } from "../error/error.ts";
import { type CommitEvent, commit } from "../event/record.ts";
import { getModel } from "../model/model.ts";
import { requireTrainingQuota } from "../quota/training.ts";
import { toRun } from "./read.ts";
import { TrainingRequest } from "./request.ts";
import { resolveOptions, type ResolvedOptions } from "./resolve-options.ts";
import { trainingBusyError, findFreeSlot, takeSlot } from "./slot.ts";
import type { TrainingRunItem } from "./training.entity.ts";
import { changedEvent } from "./training.event.ts";
import { resolveStart } from "./torch/start-point.ts";
import type { StartPoint, TrainingRun } from "./training.ts";

export interface Context {
  requestedBy: string;
  now: number;
  /** Four hex digits that distinguish runs of the same second. */
  nonce?: string;
  /** Labels of production that changed longer ago are not trained on. */
  productionDays?: number;
  /** Another event of the same transaction, about the run of this name. */
  record?: (run: string) => CommitEvent;
}

export async function startTraining(model: string, request: unknown, context: Context): Promise<TrainingRun> {
  const { now } = context;
  const { force, ...options } = await checked(model, request);
  const slot = force ? undefined : await findFreeSlot(model);
  const run = { ...options, ...createRun(model, context) };
  const events = [changedEvent(run), ...recordedWith(context, run.name)];
  const written = await commit(events, now, (writers) => [
    writers.trainingRun.create(run).commit(),
    ...(slot ? [takeSlot(writers, model, run.name, slot)] : []),
  ]);
  if (written) return toRun(run);
  await findFreeSlot(model);
  throw trainingBusyError(model, "another run", "Preparing");
}

export const recordedWith = ({ record }: Context, run: string) => (record ? [record(run)] : []);

export function createRun(
  model: string,
  { requestedBy, now, nonce, productionDays }: Context,
): TrainingRunItem {
  const at = new Date(now).toISOString();
  return {
    name: runName(model, now, nonce),
    model,
    status: "Preparing",
    rank: 0,
    requestedBy,
    productionDays,
    sourceModifiedAt: 0,
    createdAt: at,
    changedAt: at,
    active: "yes",
  };
}

type Settings = Omit<ResolvedOptions, "startPoint"> & { dataset?: string; startPoint?: StartPoint };

/** Validates a request without starting a run. */
export async function resolveSettings(model: string, request: unknown): Promise<Settings> {
  const { force: _, ...options } = await checked(model, request);
  return options;
}

async function checked(model: string, request: unknown): Promise<Settings & { force?: boolean }> {
  getModel(model);
  const parsed = TrainingRequest.safeParse(request);
  if (!parsed.success) throw invalidInput(parsed.error);
  const { startPoint, ...options } = resolveOptions(model, parsed.data);
  await requireTrainingQuota(options);
  return {
    ...options,
    ...(startPoint !== undefined && { startPoint: await resolveStart(model, startPoint) }),
    dataset: await datasetOf(model, parsed.data),
    force: parsed.data.force,
  };
}

/** Undefined when a dataset is to be prepared from the labels. */
async function datasetOf(
  model: string,
  { dataset, skipDataPrep }: TrainingRequest,
): Promise<string | undefined> {
  if (dataset !== undefined) {
    const found = await getReadyDataset(dataset);
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
    hint: "Leave skipDataPrep out to prepare one from the labels.",
  });
}

function runName(model: string, now: number, nonce = randomBytes(2).toString("hex")): string {
  const stamp = new Date(now).toISOString().replace(/\D/g, "").slice(0, 14);
  return jobName(appStage(), model, stamp, nonce);
}
