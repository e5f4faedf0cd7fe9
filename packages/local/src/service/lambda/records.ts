// SQS messages as a function gets them, and what its answer says about each.
import type { Message as SqsMessage } from "@aws-sdk/client-sqs";
import type { Reply } from "./fleet.ts";

export type Message = SqsMessage & { MessageId: string; ReceiptHandle: string };

export function toEvent(messages: Message[], queueArn: string, region: string) {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body ?? "",
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
          name,
          {
            ...(value.StringValue !== undefined && { stringValue: value.StringValue }),
            ...(value.BinaryValue && { binaryValue: Buffer.from(value.BinaryValue).toString("base64") }),
            stringListValues: [],
            binaryListValues: [],
            dataType: value.DataType,
          },
        ]),
      ),
      ...(message.MD5OfMessageAttributes && { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
      md5OfBody: message.MD5OfBody,
      eventSource: "aws:sqs",
      eventSourceARN: queueArn,
      awsRegion: region,
    })),
  };
}

/** The ids of the messages that must come again. An answer that cannot be understood means all of them. */
export function undealt(reply: Reply, messages: Message[], reportsItems: boolean): Set<string> {
  const all = new Set(messages.map(({ MessageId }) => MessageId));
  const none = new Set<string>();
  if (reply.functionError) return all;
  if (!reportsItems) return none;
  let answer: unknown;
  try {
    answer = reply.payload === "" ? null : JSON.parse(reply.payload);
  } catch {
    return all;
  }
  if (answer === null || answer === undefined) return none;
  if (typeof answer !== "object" || Array.isArray(answer)) return none;
  const failures = (answer as { batchItemFailures?: unknown }).batchItemFailures;
  if (failures === null || failures === undefined) return none;
  if (!Array.isArray(failures)) return all;
  const failed = new Set<string>();
  for (const failure of failures as Array<{ itemIdentifier?: unknown } | null>) {
    const id = failure?.itemIdentifier;
    if (typeof id !== "string" || !all.has(id)) return all;
    failed.add(id);
  }
  return failed;
}
