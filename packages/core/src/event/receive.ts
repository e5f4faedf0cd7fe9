import * as z from "zod";
import { invalidInput } from "../error/error.ts";
import { checked, type DomainEvent, type DomainEventType, schemas, source } from "./domain.ts";

const Envelope = z.object({
  source: z.literal(source),
  "detail-type": z.enum(Object.keys(schemas) as [DomainEventType, ...DomainEventType[]]),
  detail: z.record(z.string(), z.unknown()),
});

/** One of the app's own events, as EventBridge hands it to a function: checked like when it was published. */
export function received(event: unknown): DomainEvent {
  const parsed = Envelope.safeParse(event);
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  const { "detail-type": type, detail } = parsed.data;
  return checked({ type, detail } as unknown as DomainEvent);
}
