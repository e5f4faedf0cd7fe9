// When a message that is not worked off should come again. The queue's own visibility timeout outlives the slowest batch, so waiting for
// it would hold up a passing failure for many minutes.
import { ChangeMessageVisibilityBatchCommand } from "@aws-sdk/client-sqs";
import { linked } from "../aws/link.ts";
import { sqs } from "../aws/sqs.ts";
import { toSluiceError } from "../error/error.ts";
import { log } from "../log.ts";

export interface Again {
  receiptHandle: string;
  seconds: number;
}

const FIRST_SECONDS = 10;
/** 10 s, 30 s, 90 s, 270 s: an endpoint has about seven minutes to recover before its messages are given up. */
export const backoffSeconds = (receives: number) => FIRST_SECONDS * 3 ** (receives - 1);

/** One call for the whole batch. Where it fails the visibility timeout stands. */
export async function comeAgain(queue: string, messages: Again[]): Promise<void> {
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
    log().warn("Messages that fail come again only after the queue's visibility timeout", {
      queue,
      reason: toSluiceError(thrown).message,
    });
  }
}
