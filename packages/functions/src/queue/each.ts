import { backoffSeconds, comeAgain, type Again } from "@sluice/core/prediction/again.ts";
import { toSluiceError } from "@sluice/core/error/error.ts";
import { log } from "@sluice/core/log.ts";
import type { Context, QueueEvent } from "../types.ts";

export interface Received {
  body: string;
  /** 1 for the first time. */
  receives: number;
}

/** Between the end of a function's time and its message's return. */
const SPARE_SECONDS = 60;

/** Works a batch message by message; those that failed come again, soon at first and later at last. */
export async function each(
  { Records }: QueueEvent,
  context: Context,
  queue: string,
  work: (one: Received) => Promise<void>,
) {
  // A function that runs out of time says nothing more: that its message comes again then is asked for beforehand.
  const seconds = Math.ceil(context.getRemainingTimeInMillis() / 1_000) + SPARE_SECONDS;
  const all = Records.map(({ receiptHandle }) => ({ receiptHandle, seconds }));
  await comeAgain(queue, all);
  const failed: (Again & { itemIdentifier: string })[] = [];
  for (const { messageId: itemIdentifier, receiptHandle, body, attributes } of Records) {
    const receives = Number(attributes.ApproximateReceiveCount);
    try {
      await work({ body, receives });
    } catch (thrown) {
      const { code, message, cause } = toSluiceError(thrown);
      log().error(message, { code, receives, queue, stack: (cause as Error | undefined)?.stack });
      failed.push({ itemIdentifier, receiptHandle, seconds: backoffSeconds(receives) });
    }
  }
  await comeAgain(queue, failed);
  return { batchItemFailures: failed.map(({ itemIdentifier }) => ({ itemIdentifier })) };
}
