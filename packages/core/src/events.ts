// Every event on the app's own bus, each declared beside its owner. Checked when published and when received.
import * as z from "zod";
import { alertEvents } from "./alert/alert.event.ts";
import { accuracyEvents } from "./accuracy/accuracy.event.ts";
import { datasetEvents } from "./dataset/dataset.event.ts";
import { deploymentEvents } from "./deployment/deployment.event.ts";
import { endpointEvents } from "./endpoint/endpoint.event.ts";
import { invalidInput } from "./error/error.ts";
import { labelEvents } from "./label/label.event.ts";
import { monitorEvents } from "./monitor/report.event.ts";
import { predictionEvents } from "./prediction/prediction.event.ts";
import { retrainEvents } from "./retrain/retrain.event.ts";
import { reviewEvents } from "./review/review.event.ts";
import { trainingEvents } from "./training/training.event.ts";
import { versionEvents } from "./version/version.event.ts";

export const eventSource = "sluice";

export const events = {
  ...predictionEvents,
  ...reviewEvents,
  ...endpointEvents,
  ...labelEvents,
  ...datasetEvents,
  ...trainingEvents,
  ...versionEvents,
  ...deploymentEvents,
  ...alertEvents,
  ...accuracyEvents,
  ...retrainEvents,
  ...monitorEvents,
} as const;
type Events = typeof events;

export type EventType = keyof Events;
export const eventTypes = Object.keys(events) as [EventType, ...EventType[]];

export type DomainEvent<Type extends EventType = EventType> = {
  [T in Type]: { type: T; detail: z.output<Events[T]["detail"]> };
}[Type];

/** Stored events name the field of their detail that they are listed by. */
export type StoredEventType = {
  [T in EventType]: Events[T] extends { subject: string } ? T : never;
}[EventType];
export type StoredEvent = DomainEvent<StoredEventType>;
export const storedEventTypes = eventTypes.filter((type) => "subject" in events[type]);

export const subjectOf = ({ type, detail }: StoredEvent): string =>
  (detail as Record<string, unknown>)[events[type].subject] as string;

/** The event without fields that its schema does not know. */
export function checkEvent<E extends DomainEvent>({ type, detail }: E): E {
  const parsed = events[type].detail.safeParse(detail);
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  return { type, detail: parsed.data } as E;
}
