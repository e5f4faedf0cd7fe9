import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { events } from "../aws/events.ts";
import { busName } from "../aws/link.ts";
import { SluiceError } from "../error/error.ts";
import { checked, source, type DomainEvent } from "./domain.ts";

/** PutEvents takes ten entries a call. */
const perCall = 10;

/** Publishes all; answers the indexes EventBridge did not take. A 200 says nothing: each entry has its own verdict. */
export async function tryPublish(list: DomainEvent[]): Promise<number[]> {
  const entries = list.map((event) => {
    const { type, detail } = checked(event);
    return { EventBusName: busName(), Source: source, DetailType: type, Detail: JSON.stringify(detail) };
  });
  const refused: number[] = [];
  for (let start = 0; start < entries.length; start += perCall) {
    const output = await events().send(
      new PutEventsCommand({ Entries: entries.slice(start, start + perCall) }),
    );
    if (!output.FailedEntryCount) continue;
    output.Entries?.forEach((entry, index) => {
      if (entry.ErrorCode) refused.push(start + index);
    });
  }
  return refused;
}

export async function publish(list: DomainEvent[]): Promise<void> {
  const refused = await tryPublish(list);
  if (refused.length === 0) return;
  const types = refused.map((index) => list[index]!.type).join(", ");
  throw new SluiceError(
    "PUBLISH_FAILED",
    `EventBridge refused ${refused.length} of ${list.length} events: ${types}.`,
  );
}
