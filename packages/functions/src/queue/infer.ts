import { model } from "@sluice/core/model/model.ts";
import { processBatch } from "@sluice/core/prediction/batch.ts";
import type { Context, QueueEvent } from "../types.ts";

/** What the queue's redrive policy says in infra: after it, the message goes to the dead letters. */
const maxReceives = 5;

export async function handler({ Records }: QueueEvent, context: Context) {
  const failed = await processBatch(
    model(process.env.SLUICE_MODEL ?? ""),
    Records.map(({ messageId, receiptHandle, body, attributes }) => ({
      messageId,
      receiptHandle,
      body,
      receives: Number(attributes.ApproximateReceiveCount),
    })),
    {
      deadline: Date.now() + context.getRemainingTimeInMillis(),
      maxReceives,
      atOnce: Number(process.env.SLUICE_AT_ONCE ?? 1),
    },
  );
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
