import { toSluiceError } from "@sluice/core/error/error.ts";
import { log } from "@sluice/core/log.ts";
import { retryDelay, scheduleRetries, type ScheduledRetry } from "@sluice/core/prediction/retry-delay.ts";
import type { Context, QueueEvent } from "../types.ts";

export interface Received {
  body: string;
  /** 1 for the first time. */
  receives: number;
}

/** Between the function's timeout and its message's return. */
const SPARE_SECONDS = 60;

/** Processes a batch message by message. A failed message is retried with a growing delay. */
export async function each(
  { Records }: QueueEvent,
  context: Context,
  queue: string,
  work: (one: Received) => Promise<void>,
) {
  // Extend visibility first: a function that times out cannot return its messages.
  const seconds = Math.ceil(context.getRemainingTimeInMillis() / 1_000) + SPARE_SECONDS;
  await scheduleRetries(
    queue,
    Records.map(({ receiptHandle }) => ({ receiptHandle, seconds })),
  );
  const failed: (ScheduledRetry & { itemIdentifier: string })[] = [];
  for (const { messageId: itemIdentifier, receiptHandle, body, attributes } of Records) {
    const receives = Number(attributes.ApproximateReceiveCount);
    try {
      await work({ body, receives });
    } catch (thrown) {
      const { code, message, cause } = toSluiceError(thrown);
      log().error(message, { code, receives, queue, stack: (cause as Error | undefined)?.stack });
      failed.push({ itemIdentifier, receiptHandle, seconds: retryDelay(receives) });
    }
  }
  await scheduleRetries(queue, failed);
  return { batchItemFailures: failed.map(({ itemIdentifier }) => ({ itemIdentifier })) };
}
