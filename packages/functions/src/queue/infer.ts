import { MAX_RECEIVES } from "@sluice/models/limits.ts";
import { getModel } from "@sluice/core/model/model.ts";
import { processBatch } from "@sluice/core/prediction/batch.ts";
import type { Context, QueueEvent } from "../types.ts";

export async function handler({ Records }: QueueEvent, context: Context) {
  const failed = await processBatch(
    getModel(process.env.SLUICE_MODEL ?? ""),
    Records.map(({ messageId, receiptHandle, body, attributes }) => ({
      messageId,
      receiptHandle,
      body,
      receives: Number(attributes.ApproximateReceiveCount),
    })),
    {
      deadline: Date.now() + context.getRemainingTimeInMillis(),
      maxReceives: MAX_RECEIVES,
      concurrency: Number(process.env.SLUICE_CONCURRENCY ?? 1),
    },
  );
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
