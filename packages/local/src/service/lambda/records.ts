// SQS messages as a Lambda event, and the failed messages of the function's response.
import type { Message as SqsMessage } from "@aws-sdk/client-sqs";
import type { InvocationResult } from "./fleet.ts";

export type Message = SqsMessage & { MessageId: string; ReceiptHandle: string };

export function toSqsEvent(messages: Message[], queueArn: string, region: string) {
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

/** The ids of messages to deliver again. A response that cannot be read means all of them. */
export function failedMessageIds(
  result: InvocationResult,
  messages: Message[],
  reportsItems: boolean,
): Set<string> {
  const all = new Set(messages.map(({ MessageId }) => MessageId));
  const none = new Set<string>();
  if (result.functionError) return all;
  if (!reportsItems) return none;
  let response: unknown;
  try {
    response = result.payload === "" ? null : JSON.parse(result.payload);
  } catch {
    return all;
  }
  if (response === null || response === undefined) return none;
  if (typeof response !== "object" || Array.isArray(response)) return none;
  const failures = (response as { batchItemFailures?: unknown }).batchItemFailures;
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
