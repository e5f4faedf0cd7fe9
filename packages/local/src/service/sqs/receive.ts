// ReceiveMessage, with long polling.
import { notImplemented } from "../../kernel/error.ts";
import type { Call, Kernel } from "../../kernel/service.ts";
import { integer } from "./error.ts";
import { MAX_RECEIVE, MAX_VISIBILITY_SECONDS, MAX_WAIT_SECONDS } from "./limits.ts";
import { md5, md5OfAttributes, selectAttributes, unpackAttributes } from "./message-attributes.ts";
import { type Message, type Messages, sequenceNumber } from "./messages.ts";
import type { Queue, Queues } from "./queues.ts";
import { receiptHandle } from "./receipt.ts";

export interface ReceiveInput {
  QueueUrl?: string;
  MaxNumberOfMessages?: number;
  VisibilityTimeout?: number;
  WaitTimeSeconds?: number;
  MessageAttributeNames?: string[];
  /** The old name of MessageSystemAttributeNames: both apply. */
  AttributeNames?: string[];
  MessageSystemAttributeNames?: string[];
  ReceiveRequestAttemptId?: string;
}

export function openReceiver(kernel: Kernel, queues: Queues, messages: Messages) {
  const { store, clock } = kernel;
  const waiting = new Set<() => void>();
  let stopped = false;

  /** Resolves when a message may be visible, at the deadline, on disconnect, or when the service stops. */
  const waitForChange = (queue: string, deadline: number, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const next = Math.min(deadline, messages.nextVisible(queue) ?? deadline);
      const done = () => {
        unwatch();
        cancel();
        waiting.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const unwatch = messages.onChange(queue, done);
      const cancel = clock.after(Math.max(0, next - clock.now()), done);
      waiting.add(done);
      signal.addEventListener("abort", done);
    });

  const receive = async (input: ReceiveInput, call: Call) => {
    if (input.ReceiveRequestAttemptId)
      throw notImplemented("sqs:ReceiveMessage with ReceiveRequestAttemptId");
    const limit = integer(input.MaxNumberOfMessages ?? 1, "MaxNumberOfMessages", 1, MAX_RECEIVE);
    let queue = queues.get(input.QueueUrl);
    const { ReceiveMessageWaitTimeSeconds } = queue.attributes;
    const wait = integer(
      input.WaitTimeSeconds ?? ReceiveMessageWaitTimeSeconds,
      "WaitTimeSeconds",
      0,
      MAX_WAIT_SECONDS,
    );
    const deadline = clock.now() + wait * 1000;
    for (;;) {
      const visibility = integer(
        input.VisibilityTimeout ?? queue.attributes.VisibilityTimeout,
        "VisibilityTimeout",
        0,
        MAX_VISIBILITY_SECONDS,
      );
      const received = store.tx(() => messages.receive(queue, limit, visibility * 1000));
      if (received.length > 0)
        return { Messages: received.map((message) => describe(message, queue, input)) };
      if (clock.now() >= deadline || call.signal.aborted || stopped) return {};
      await waitForChange(queue.name, deadline, call.signal);
      // The caller is gone: leave the messages for the next one.
      if (call.signal.aborted || stopped) return {};
      queue = queues.get(input.QueueUrl);
    }
  };

  const describe = (message: Message, queue: Queue, input: ReceiveInput) => {
    const attributes = selectAttributes(
      unpackAttributes(message.attributes),
      input.MessageAttributeNames ?? [],
    );
    const named = Object.keys(attributes).length > 0;
    return {
      MessageId: message.message_id,
      ReceiptHandle: receiptHandle(message),
      Body: message.body,
      MD5OfBody: md5(message.body),
      Attributes: systemAttributes(message, queue, [
        ...(input.MessageSystemAttributeNames ?? []),
        ...(input.AttributeNames ?? []),
      ]),
      MessageAttributes: named ? attributes : undefined,
      MD5OfMessageAttributes: named ? md5OfAttributes(attributes) : undefined,
    };
  };

  const systemAttributes = (message: Message, queue: Queue, wanted: string[]) => {
    if (wanted.length === 0) return undefined;
    const every: Record<string, string | null | undefined> = {
      SenderId: message.sender,
      SentTimestamp: String(message.sent_at),
      ApproximateReceiveCount: String(message.receive_count),
      ApproximateFirstReceiveTimestamp: String(message.first_received_at),
      AWSTraceHeader: message.trace,
      MessageGroupId: message.group_id,
      MessageDeduplicationId: message.dedup_id,
      SequenceNumber: queue.fifo ? sequenceNumber(message.seq) : undefined,
      DeadLetterQueueSourceArn: message.source_queue && queues.arn(message.source_queue),
    };
    return Object.fromEntries(
      Object.entries(every).filter(
        (entry): entry is [string, string] =>
          entry[1] != null && (wanted.includes("All") || wanted.includes(entry[0])),
      ),
    );
  };

  return {
    receive,
    /** Ends all waiting calls without messages. */
    stop() {
      stopped = true;
      for (const done of waiting) done();
    },
  };
}
