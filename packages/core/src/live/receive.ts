import { parseEvent } from "../event/receive.ts";
import { eventTypes } from "../events.ts";
import type { ReceivedEvent } from "./changes.ts";

/** An event of the bus in the body of a queue's message. A stored event names its id as its resource. */
export function parseQueuedEvent(body: string): ReceivedEvent {
  const envelope = JSON.parse(body) as { resources?: string[] };
  const event = parseEvent(envelope, ...eventTypes);
  const id = envelope.resources?.[0];
  return id === undefined ? event : { ...event, id };
}
