import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { until } from "./until.ts";

/** Messages lying, hidden or delayed in a queue. */
export async function messagesIn(sqs: SQSClient, url: string) {
  const found = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] }));
  const attributes: Record<string, string | undefined> = found.Attributes ?? {};
  const count = (name: string) => Number(attributes[`ApproximateNumberOfMessages${name}`]);
  return { visible: count(""), hidden: count("NotVisible"), delayed: count("Delayed") };
}

export const holds = (sqs: SQSClient, url: string, wanted: number, patienceMs?: number) =>
  until(async () => {
    const { visible, hidden, delayed } = await messagesIn(sqs, url);
    if (visible + hidden + delayed !== wanted)
      throw new Error(`${url} holds ${visible} visible, ${hidden} hidden and ${delayed} delayed messages`);
  }, patienceMs);
