import { log } from "@sluice/core/log.ts";
import { parseQueuedEvent } from "@sluice/core/live/receive.ts";
import { sendChanges } from "@sluice/core/live/send.ts";
import type { Context, QueueEvent } from "../types.ts";

/** One invalid message does not stop the others. If the records cannot be read, all are delivered again. */
export async function handler({ Records }: QueueEvent, context: Context) {
  const deadline = Date.now() + context.getRemainingTimeInMillis();
  const invalid: string[] = [];
  const received = Records.flatMap(({ messageId, body }) => {
    try {
      return [parseQueuedEvent(body)];
    } catch (error) {
      log().error("Could not parse a domain event for live updates", { messageId, error: String(error) });
      invalid.push(messageId);
      return [];
    }
  });
  await sendChanges(received, Date.now(), deadline);
  return { batchItemFailures: invalid.map((itemIdentifier) => ({ itemIdentifier })) };
}
