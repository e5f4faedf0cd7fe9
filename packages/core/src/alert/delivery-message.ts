import { SendMessageCommand } from "@aws-sdk/client-sqs";
import * as z from "zod";
import { linked } from "../aws/link.ts";
import { sqs } from "../aws/sqs.ts";
import { Notice } from "./notice.ts";

export const DeliveryMessage = z.object({ rule: z.string(), notice: Notice });
export type DeliveryMessage = z.output<typeof DeliveryMessage>;

export async function queueDelivery(message: DeliveryMessage): Promise<void> {
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: linked("AlertQueue", "url"),
      MessageBody: JSON.stringify(message),
    }),
  );
}
