// A receipt handle identifies one receive of a message. Older handles no longer delete it.
import { AwsError } from "../../kernel/error.ts";
import type { Store } from "../../kernel/store.ts";
import { missing } from "./error.ts";
import type { Message } from "./messages.ts";
import type { Queue } from "./queues.ts";

export const receiptHandle = (message: Message) =>
  Buffer.from(
    JSON.stringify([message.queue, message.seq, message.receive_count, message.message_id]),
  ).toString("base64");

/** The message of a receipt handle, if the handle is that of its last receive. */
export function findByReceipt(store: Store, queue: Queue, handle: unknown): Message | undefined {
  if (typeof handle !== "string" || handle === "") throw missing("ReceiptHandle");
  const [name, seq, receives] = parse(handle);
  if (name !== queue.name)
    throw new AwsError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
      { status: 404 },
    );
  return store.get<Message>`select * from sqs_message
    where seq = ${seq} and queue = ${queue.name} and receive_count = ${receives}`;
}

function parse(handle: string): [string | undefined, number, number] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(handle, "base64").toString());
    if (Array.isArray(parts) && typeof parts[0] === "string" && parts.slice(1, 3).every(Number.isSafeInteger))
      return parts as [string, number, number];
  } catch {
    // Not a receipt handle: the caller throws.
  }
  return [undefined, 0, 0];
}
