import * as z from "zod";
import { invalidInput } from "../error/error.ts";
import { checkEvent, eventSource, type DomainEvent, type EventType } from "../events.ts";

/** An event of the app's bus that must be of one of these types. */
export function parseEvent<Type extends EventType>(event: unknown, ...types: Type[]): DomainEvent<Type> {
  const Envelope = z.object({
    source: z.literal(eventSource),
    "detail-type": z.enum(types),
    detail: z.record(z.string(), z.unknown()),
  });
  const parsed = Envelope.safeParse(event);
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  const { "detail-type": type, detail } = parsed.data;
  return checkEvent({ type, detail } as unknown as DomainEvent) as DomainEvent<Type>;
}
