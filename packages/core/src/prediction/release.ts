// Predictions that waited for their endpoint go back to their queue, as the upload events they came from.
import { SendMessageBatchCommand } from "@aws-sdk/client-sqs";
import { linked } from "../aws/link.ts";
import { sqs } from "../aws/sqs.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { model as modelNamed } from "../model/model.ts";
import { arrivalMessage } from "../upload/arrival.ts";
import { openBucket } from "./candidate.ts";
import type { PredictionItem } from "./prediction.entity.ts";

/** SendMessageBatch takes ten messages. */
const perCall = 10;

interface Waiting {
  data: PredictionItem[];
  cursor: string | null;
}

/** Answers how many were sent. Sending one twice is harmless: the second finds it claimed or ended. */
export async function release(model: string): Promise<number> {
  const url = linked(modelNamed(model).queue, "url");
  let sent = 0;
  let cursor: string | null = null;
  do {
    const page: Waiting = await db()
      .entities.prediction.query.byStatus({ model, status: "pending", bucket: openBucket })
      .go({ cursor, limit: 100 });
    for (let start = 0; start < page.data.length; start += perCall) {
      const group = page.data.slice(start, start + perCall);
      const output = await sqs().send(
        new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: group.map(({ source, uploadedAt, createdAt }, index) => ({
            Id: String(index),
            MessageBody: arrivalMessage({ source, uploadedAt: uploadedAt ?? createdAt }),
          })),
        }),
      );
      const refused = output.Failed?.[0];
      if (refused)
        throw new SluiceError("UNEXPECTED", `SQS refused a message for ${model}: ${refused.Message}`, {
          retryable: true,
        });
      sent += group.length;
    }
    cursor = page.cursor;
  } while (cursor);
  return sent;
}
