import type { DeclaredModel } from "../model/model.ts";
import type { Arrival } from "../upload/arrival.ts";
import { dayOf } from "../table.ts";
import { predictionId } from "./id.ts";
import type { Source } from "./prediction.ts";
import { shardedBucket } from "./shard.ts";

/** A prediction before it is claimed: the fields that its table keys are made of. */
export interface NewPrediction {
  id: string;
  model: DeclaredModel;
  source: Source;
  uploadedAt: string;
  /** The time of the upload, so that each delivery of an event has the same keys without reading the record. */
  createdAt: string;
}

export function newPrediction(model: DeclaredModel, { source, uploadedAt }: Arrival): NewPrediction {
  return {
    id: predictionId({ ...source, model: model.name }),
    model,
    source,
    uploadedAt,
    createdAt: uploadedAt,
  };
}

export function fieldsOf({ id, model, source, uploadedAt, createdAt }: NewPrediction) {
  return {
    model: model.name,
    task: model.task,
    endpoint: model.endpoint,
    source,
    uploadedAt,
    createdAt,
    day: shardedBucket(dayOf(createdAt), id),
  };
}

/** Unfinished predictions in the status index. `openBucket` names the partition of one. */
export const open = "open";
export const openBucket = (id: string) => shardedBucket(open, id);

export const changedAt = (now: number) => {
  const iso = new Date(now).toISOString();
  return { changedAt: iso, changedDay: dayOf(iso) };
};
