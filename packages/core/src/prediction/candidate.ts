import type { Declared } from "../model/model.ts";
import type { Arrival } from "../upload/arrival.ts";
import { dayOf } from "../table.ts";
import { predictionId } from "./id.ts";
import type { Source } from "./prediction.ts";

/** A prediction before it is claimed: the fields that its table keys are made of. */
export interface Candidate {
  id: string;
  model: Declared;
  source: Source;
  uploadedAt: string;
  /** The time of the upload, so that each delivery of an event has the same keys without reading the record. */
  createdAt: string;
}

export function candidateOf(model: Declared, { source, uploadedAt }: Arrival): Candidate {
  return {
    id: predictionId({ ...source, model: model.name }),
    model,
    source,
    uploadedAt,
    createdAt: uploadedAt,
  };
}

export function fieldsOf({ model, source, uploadedAt, createdAt }: Candidate) {
  return {
    model: model.name,
    task: model.task,
    endpoint: model.endpoint,
    source,
    uploadedAt,
    createdAt,
    day: dayOf(createdAt),
  };
}

/** The bucket of unfinished predictions in the status index. */
export const openBucket = "open";

export const changedAt = (now: number) => {
  const iso = new Date(now).toISOString();
  return { changedAt: iso, changedDay: dayOf(iso) };
};
