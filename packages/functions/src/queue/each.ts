import { backoffSeconds, comeAgain, type Again } from "@sluice/core/prediction/again.ts";
import { toSluiceError } from "@sluice/core/error/error.ts";
import { log } from "@sluice/core/log.ts";
import type { QueueEvent } from "../types.ts";

export interface Received {
  body: string;
  /** 1 for the first time. */
  receives: number;
}

/** Works a batch message by message; those that failed come again, soon at first and later at last. */
export async function each({ Records }: QueueEvent, queue: string, work: (one: Received) => Promise<void>) {
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
