// The events on the app's own bus. Checked when published and when received.
import * as z from "zod";
import { Failure, Source, Status, Summary } from "../prediction/prediction.ts";
import { EndpointStatus } from "../endpoint/endpoint.ts";
import { TrainingStatus } from "../training/training.ts";

export const source = "sluice";

const predictionFinished = z.object({
  id: z.string(),
  model: z.string(),
  status: Status,
  source: Source,
  modelVersion: z.string().optional(),
  summary: Summary.optional(),
  error: Failure.optional(),
  resultKey: z.string().optional(),
  finishedAt: z.string(),
});

export const schemas = {
  "prediction.completed": predictionFinished,
  "prediction.rejected": predictionFinished,
  "prediction.failed": predictionFinished,
  "endpoint.changed": z.object({
    name: z.string(),
    model: z.string(),
    status: EndpointStatus,
    config: z.string().optional(),
    failureReason: z.string().optional(),
    rolledBack: z.boolean().optional(),
    changedAt: z.string(),
  }),
  "training.changed": z.object({
    name: z.string(),
    model: z.string(),
    status: TrainingStatus,
    secondaryStatus: z.string().optional(),
    failureReason: z.string().optional(),
    changedAt: z.string(),
  }),
} as const;

export type DomainEventType = keyof typeof schemas;
export type DomainEvent = {
  [T in DomainEventType]: { type: T; detail: z.output<(typeof schemas)[T]> };
}[DomainEventType];
