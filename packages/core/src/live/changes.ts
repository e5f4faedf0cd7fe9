// Domain events become changes: the latest state of each prediction once, and the stored events.
import { db } from "../db.ts";
import { events, subjectOf, type DomainEvent, type StoredEvent } from "../events.ts";
import { toPrediction } from "../prediction/record.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { getAll } from "../util/get-all.ts";
import type { LiveEvent } from "./live.ts";

/** An event from the bus. Stored events have the id of their record. */
export type ReceivedEvent = DomainEvent & { id?: string };

export interface ChangedRecords {
  predictions: Prediction[];
  events: LiveEvent[];
}

/** Consistent reads: each event was published after its change was written. */
export async function readChanges(received: ReceivedEvent[]): Promise<ChangedRecords> {
  const ids = new Set(received.filter(isPredictionEvent).map(({ detail }) => (detail as { id: string }).id));
  const data = await getAll(
    [...ids].map((id) => ({ id })),
    (keys) => db().entities.prediction.get(keys).go({ consistent: true }),
  );
  return {
    predictions: data.map(toPrediction).toSorted((a, b) => compare(a.changedAt, b.changedAt)),
    events: received.flatMap((event) =>
      event.id !== undefined && "subject" in events[event.type]
        ? [
            {
              id: event.id,
              type: event.type,
              subject: subjectOf(event as StoredEvent),
              model: event.detail.model,
            },
          ]
        : [],
    ),
  };
}

const isPredictionEvent = ({ type }: ReceivedEvent) => /^(prediction|review)\./.test(type);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
