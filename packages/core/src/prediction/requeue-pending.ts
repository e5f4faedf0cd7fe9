// Sends predictions that waited for their endpoint to their queue again, as upload events.
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { linked } from "../aws/link.ts";
import { sqs } from "../aws/sqs.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { arrivalMessage } from "../upload/arrival.ts";
import { open } from "./new-prediction.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { shardsOf } from "./shard.ts";

/** SendMessageBatch accepts ten messages. */
const MESSAGES_PER_CALL = 10;

interface Page {
  data: PredictionItem[];
  cursor: string | null;
}

/** Returns how many were sent. A duplicate is harmless: it finds the prediction claimed or ended. */
export async function requeuePending(model: string): Promise<number> {
  let sent = 0;
  for (const bucket of shardsOf(open)) sent += await requeueBucket(model, bucket);
  return sent;
}

async function requeueBucket(model: string, bucket: string): Promise<number> {
  const url = linked(getModel(model).queue, "url");
  let sent = 0;
  let cursor: string | null = null;
  do {
    const page: Page = await db()
      .entities.prediction.query.byStatus({ model, status: "pending", bucket })
      .go({ cursor, limit: 100 });
    for (let start = 0; start < page.data.length; start += MESSAGES_PER_CALL) {
      const group = page.data.slice(start, start + MESSAGES_PER_CALL);
      const output = await sqs().send(
        new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: group.map(({ source, uploadedAt, createdAt }, index) => ({
            Id: String(index),
            MessageBody: arrivalMessage({ source, uploadedAt: uploadedAt ?? createdAt }),
          })),
        }),
      );
      const rejected = output.Failed?.[0];
      if (rejected)
        throw new SluiceError("UNEXPECTED", `SQS rejected a message for ${model}: ${rejected.Message}`, {
          retryable: true,
        });
      sent += group.length;
    }
    cursor = page.cursor;
  } while (cursor);
  return sent;
}
