// SendMessage and its validation.
import { createHash } from "node:crypto";
import type { Call, Delivery, Kernel } from "../../kernel/service.ts";
import { integer, invalid, missing } from "./error.ts";
import { MAX_DELAY_SECONDS } from "./limits.ts";
import {
  attributeBytes,
  checkCharacters,
  checkMessageAttributes,
  md5,
  md5OfAttributes,
  type MessageAttributes,
} from "./message-attributes.ts";
import type { NewMessage, Messages } from "./messages.ts";
import type { Queue } from "./queues.ts";

export interface SendInput {
  MessageBody?: string;
  MessageAttributes?: MessageAttributes;
  MessageSystemAttributes?: MessageAttributes;
  DelaySeconds?: number;
  MessageGroupId?: string;
  MessageDeduplicationId?: string;
}

export function send(messages: Messages, queue: Queue, input: SendInput, sender: string) {
  const attributes = input.MessageAttributes ?? {};
  const system = input.MessageSystemAttributes ?? {};
  const { messageId, sequence } = messages.add(queue, newMessage(queue, input, sender));
  return {
    MessageId: messageId,
    MD5OfMessageBody: md5(input.MessageBody!),
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(system),
    SequenceNumber: sequence,
  };
}

function newMessage(queue: Queue, input: SendInput, sender: string): NewMessage {
  const { MessageBody: body, MessageAttributes: attributes = {}, DelaySeconds: delay } = input;
  if (!body) throw missing("MessageBody");
  checkCharacters(body);
  checkMessageAttributes(attributes);
  const limit = Number(queue.attributes.MaximumMessageSize);
  if (messageBytes(input) > limit)
    throw invalid(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
  if (queue.fifo && delay)
    throw invalid(
      `Value ${delay} for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.`,
    );
  return {
    body,
    attributes,
    sender,
    trace: traceOf(input.MessageSystemAttributes),
    delayMs:
      delay === undefined || queue.fifo
        ? undefined
        : integer(delay, "DelaySeconds", 0, MAX_DELAY_SECONDS) * 1000,
    groupId: groupOf(queue, input.MessageGroupId),
    dedupId: dedupOf(queue, input.MessageDeduplicationId, body),
  };
}

export const messageBytes = (input: SendInput) =>
  Buffer.byteLength(input.MessageBody ?? "") + attributeBytes(input.MessageAttributes ?? {});

/** Sends a delivery from another service, as SendMessage would. */
export function acceptDelivery(kernel: Kernel, messages: Messages, queue: Queue, delivery: Delivery) {
  const { messageAttributes, messageGroupId, messageDeduplicationId } = (delivery.parameters ?? {}) as {
    messageAttributes?: MessageAttributes;
    messageGroupId?: string;
    messageDeduplicationId?: string;
  };
  const input: SendInput = {
    MessageBody: delivery.payload,
    MessageAttributes: messageAttributes,
    MessageGroupId: messageGroupId,
    MessageDeduplicationId: messageDeduplicationId,
  };
  kernel.store.tx(() => messages.add(queue, newMessage(queue, input, delivery.source.service)));
}

/** SenderId: the account for its own user, else the role's session. */
export function senderOf(call: Call, account: string): string {
  const { principal } = call;
  if (principal.kind === "root") return account;
  if (principal.kind === "service") return principal.name;
  return `${principal.arn.split("/").at(-1)}:${principal.session ?? "session"}`;
}

function traceOf(system: MessageAttributes = {}): string | undefined {
  const unknown = Object.keys(system).find((name) => name !== "AWSTraceHeader");
  if (unknown) throw invalid(`Message system attribute name '${unknown}' is invalid.`);
  return system.AWSTraceHeader?.StringValue;
}

// 1 to 128 letters, digits and punctuation.
const TOKEN = /^[\w!"#$%&'()*+,\-./:;<=>?@[\\\]^`{|}~]{1,128}$/;

function groupOf(queue: Queue, group: string | undefined) {
  if (group === undefined && queue.fifo) throw missing("MessageGroupId");
  if (group !== undefined && !TOKEN.test(group))
    throw invalid(
      `Value ${group} for parameter MessageGroupId is invalid. Reason: MessageGroupId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  return group;
}

function dedupOf(queue: Queue, id: string | undefined, body: string) {
  if (id !== undefined && !queue.fifo)
    throw invalid(
      `Value ${id} for parameter MessageDeduplicationId is invalid. Reason: The request include parameter that is not valid for this queue type.`,
    );
  if (id !== undefined && !TOKEN.test(id))
    throw invalid(
      `Value ${id} for parameter MessageDeduplicationId is invalid. Reason: MessageDeduplicationId can only include alphanumeric and punctuation characters. 1 to 128 in length.`,
    );
  if (id !== undefined || !queue.fifo) return id;
  if (queue.attributes.ContentBasedDeduplication === "true")
    return createHash("sha256").update(body).digest("hex");
  throw invalid(
    "The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly",
  );
}
