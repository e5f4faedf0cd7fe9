// The delay of a retry. The queue's own visibility timeout is longer than the slowest batch, and would delay a retry by
// many minutes.
import { ChangeMessageVisibilityBatchCommand } from "@aws-sdk/client-sqs";
import { linked } from "../aws/link.ts";
import { sqs } from "../aws/sqs.ts";
import { toSluiceError } from "../error/error.ts";
import { log } from "../log.ts";

export interface ScheduledRetry {
  receiptHandle: string;
  seconds: number;
}

const FIRST_SECONDS = 10;
/** 10, 30, 90 and 270 s: an endpoint has about seven minutes to recover before its messages are dead letters. */
export const retryDelay = (receives: number) => FIRST_SECONDS * 3 ** (receives - 1);

/** One call for the whole batch. When it fails, the queue's visibility timeout applies. */
export async function scheduleRetries(queue: string, messages: ScheduledRetry[]): Promise<void> {
  if (messages.length === 0) return;
  try {
    const { Failed = [] } = await sqs().send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: linked(queue, "url"),
        Entries: messages.map(({ receiptHandle, seconds }, index) => ({
          Id: String(index),
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: seconds,
        })),
      }),
    );
    if (Failed[0]) throw new Error(`${Failed[0].Code}: ${Failed[0].Message}`);
  } catch (thrown) {
    log().warn("Retry delays were not set; messages return after the queue's visibility timeout", {
      queue,
      reason: toSluiceError(thrown).message,
    });
  }
}
