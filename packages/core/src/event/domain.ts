// The events on the app's own bus. Checked when published and when received.
import * as z from "zod";
import { Failure, Source, Status, Summary } from "../prediction/prediction.ts";
import { reviewReasons } from "../review/review.ts";
import { EndpointStatus } from "../endpoint/endpoint.ts";
import { TrainingStatus } from "../training/training.ts";
import { invalidInput } from "../error/error.ts";

export const source = "sluice";

const ofPrediction = z.object({
  id: z.string(),
  model: z.string(),
  status: Status,
  source: Source,
  modelVersion: z.string().optional(),
  summary: Summary.optional(),
  resultKey: z.string().optional(),
});

const predictionFinished = ofPrediction.extend({ error: Failure.optional(), finishedAt: z.string() });

const Count = z.number().int().nonnegative();

const versionChanged = z.object({
  model: z.string(),
  version: z.string(),
  digest: z.string(),
  packageUri: z.string(),
  source: z.enum(["training", "brought"]),
  dataset: z.string().optional(),
  run: z.string().optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  reason: z.string().optional(),
  changedAt: z.string(),
});

export const schemas = {
  "prediction.completed": predictionFinished,
  "prediction.rejected": predictionFinished,
  "prediction.failed": predictionFinished,
  "review.requested": ofPrediction.extend({
    reason: z.enum(reviewReasons),
    requestedBy: z.string().optional(),
    note: z.string().optional(),
    openedAt: z.string(),
  }),
  "endpoint.changed": z.object({
    name: z.string(),
    model: z.string(),
    status: EndpointStatus,
    config: z.string().optional(),
    failureReason: z.string().optional(),
    rolledBack: z.boolean().optional(),
    changedAt: z.string(),
  }),
  "labels.changed": z.object({
    /** Of the import or the single change: `imp_...`. */
    id: z.string(),
    model: z.string(),
    added: Count,
    changed: Count,
    removed: Count,
    /** Where they came from: a key of the uploads bucket, or who sent them. */
    source: z.string(),
    /** Which objects, when they are few. */
    keys: z.array(z.string()).max(20).optional(),
    changedAt: z.string(),
  }),
  "dataset.changed": z.object({
    id: z.string(),
    model: z.string(),
    status: z.enum(["preparing", "ready", "failed"]),
    items: Count.optional(),
    digest: z.string().optional(),
    reason: z.string().optional(),
    changedAt: z.string(),
  }),
  "training.changed": z.object({
    name: z.string(),
    model: z.string(),
    status: TrainingStatus,
    secondaryStatus: z.string().optional(),
    failureReason: z.string().optional(),
    dataset: z.string().optional(),
    /** The model.tar.gz of one that completed. */
    artifact: z.string().optional(),
    requestedBy: z.string().optional(),
    changedAt: z.string(),
  }),
  /** A retraining that is due and may not begin before the month is over. */
  "training.deferred": z.object({ model: z.string(), reason: z.string(), changedAt: z.string() }),
  "version.registered": versionChanged,
  "version.accepted": versionChanged,
  "version.refused": versionChanged,
  "deployment.changed": z.object({
    id: z.string(),
    model: z.string(),
    endpoint: z.string(),
    version: z.string(),
    step: z.string(),
    status: z.enum(["started", "live", "failed"]),
    reason: z.string().optional(),
    changedAt: z.string(),
  }),
} as const;

export type DomainEventType = keyof typeof schemas;
export type DomainEvent = {
  [T in DomainEventType]: { type: T; detail: z.output<(typeof schemas)[T]> };
}[DomainEventType];

/** With what the schema does not know left out; an event that does not fit is a defect of whoever tells it. */
export function checked<E extends DomainEvent>(event: E): E {
  const parsed = schemas[event.type].safeParse(event.detail);
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  return { type: event.type, detail: parsed.data } as E;
}
