import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { events } from "../aws/events.ts";
import { busName } from "../aws/link.ts";
import { SluiceError } from "../error/error.ts";
import { checkEvent, eventSource, type DomainEvent } from "../events.ts";

/** A stored event has the id of its record, which its consumers get as its resource. */
type Publishable = DomainEvent & { id?: string };

/** PutEvents accepts ten entries a call. */
const ENTRIES_PER_CALL = 10;

/** Publishes all and returns the indexes that EventBridge rejected: a response of 200 may still reject entries. */
export async function tryPublish(list: Publishable[]): Promise<number[]> {
  const entries = list.map((event) => {
    const { type, detail } = checkEvent(event);
    return {
      EventBusName: busName(),
      Source: eventSource,
      DetailType: type,
      Detail: JSON.stringify(detail),
      ...(event.id !== undefined && { Resources: [event.id] }),
    };
  });
  const rejected: number[] = [];
  for (let start = 0; start < entries.length; start += ENTRIES_PER_CALL) {
    const output = await events().send(
      new PutEventsCommand({ Entries: entries.slice(start, start + ENTRIES_PER_CALL) }),
    );
    if (!output.FailedEntryCount) continue;
    output.Entries?.forEach((entry, index) => {
      if (entry.ErrorCode) rejected.push(start + index);
    });
  }
  return rejected;
}

export async function publish(list: DomainEvent[]): Promise<void> {
  const rejected = await tryPublish(list);
  if (rejected.length === 0) return;
  const types = rejected.map((index) => list[index]!.type).join(", ");
  throw new SluiceError(
    "PUBLISH_FAILED",
    `EventBridge rejected ${rejected.length} of ${list.length} events: ${types}.`,
  );
}
