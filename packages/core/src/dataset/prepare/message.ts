import { SendMessageCommand } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { linked } from "../../aws/link.ts";
import { sqs } from "../../aws/sqs.ts";

const dataset = z.string();
const round = z.number().int();

export const PrepareMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), dataset }),
  /** All files of the round are inspected. */
  z.object({ type: z.literal("inspected"), dataset, round }),
  /** Checks whether the round has progressed: this many chunks were done before. */
  z.object({ type: z.literal("check"), dataset, round, done: z.number().int() }),
]);
export type PrepareMessage = z.output<typeof PrepareMessage>;

export async function sendPrepareMessage(message: PrepareMessage, delaySeconds = 0): Promise<void> {
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: linked("DatasetPrepareQueue", "url"),
      MessageBody: JSON.stringify(message),
      DelaySeconds: delaySeconds,
    }),
  );
}
