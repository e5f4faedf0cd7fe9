import { AwsError } from "../../kernel/error.ts";
import type { Call, Kernel, Service } from "../../kernel/service.ts";
import { sqsAccess } from "./access.ts";
import { runBatch, type Entry } from "./batch.ts";
import { declaredQueues } from "./declared.ts";
import { integer, invalid, missing, noQueue } from "./error.ts";
import { MAX_MESSAGE_BYTES, MAX_VISIBILITY_SECONDS, PURGE_PAUSE_MS } from "./limits.ts";
import { openMessages } from "./messages.ts";
import { openMoveTasks } from "./move-task.ts";
import { openQueues, type Queue } from "./queues.ts";
import { findByReceipt } from "./receipt.ts";
import { openReceiver } from "./receive.ts";
import { acceptDelivery, messageBytes, send, senderOf, type SendInput } from "./send.ts";

type Input = Record<string, any>;

export function startSqs(kernel: Kernel): Service {
  const { store, clock, cloud } = kernel;
  const queues = openQueues(kernel);
  const messages = openMessages(kernel, queues);
  const moves = openMoveTasks(kernel, queues, messages);
  const { receive, stop: stopReceiving } = openReceiver(kernel, queues, messages);
  store.tx(() => queues.declare(declaredQueues(kernel.graph, (message) => kernel.log("warn", message))));

  const deleteMessage = (queue: Queue, handle: unknown) => {
    const message = findByReceipt(store, queue, handle);
    // With a handle of an earlier receive, the call succeeds and the message remains.
    if (message) store.run`delete from sqs_message where seq = ${message.seq}`;
    if (queue.fifo) messages.wake(queue.name);
    return {};
  };

  const changeVisibility = (queue: Queue, { ReceiptHandle, VisibilityTimeout }: Input) => {
    if (VisibilityTimeout === undefined) throw missing("VisibilityTimeout");
    const seconds = integer(VisibilityTimeout, "VisibilityTimeout", 0, MAX_VISIBILITY_SECONDS);
    const message = findByReceipt(store, queue, ReceiptHandle);
    if (!message || message.visible_at <= clock.now())
      throw new AwsError(
        "MessageNotInflight",
        `Value ${String(ReceiptHandle)} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
      );
    store.run`update sqs_message set visible_at = ${clock.now() + seconds * 1000} where seq = ${message.seq}`;
    messages.wake(queue.name);
    return {};
  };

  const attributesOf = (queue: Queue, wanted: string[]) => {
    const { visible, hidden, delayed } = messages.count(queue.name);
    const every: Record<string, string> = {
      ...queue.attributes,
      QueueArn: queue.arn,
      CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
      LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesNotVisible: String(hidden),
      ApproximateNumberOfMessagesDelayed: String(delayed),
    };
    const unknown = wanted.find((name) => !(name in every) && !OPTIONAL.has(name));
    if (unknown) throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
    if (wanted.includes("All")) return every;
    return Object.fromEntries(Object.entries(every).filter(([name]) => wanted.includes(name)));
  };

  const ageSeconds = (queue: Queue) => {
    const { oldest } = messages.count(queue.name);
    return oldest === null ? 0 : Math.floor((clock.now() - oldest) / 1000);
  };

  const sendBatch = (input: Input, call: Call) => {
    const queue = queues.get(input.QueueUrl);
    const entries = input.Entries as Array<SendInput & Entry> | undefined;
    const limit = Math.max(MAX_MESSAGE_BYTES, Number(queue.attributes.MaximumMessageSize));
    const bytes = (entries ?? []).reduce((sum, entry) => sum + messageBytes(entry), 0);
    if (bytes > limit)
      throw new AwsError(
        "BatchRequestTooLong",
        `Batch requests cannot be longer than ${limit} bytes. You have sent ${bytes} bytes.`,
      );
    return store.tx(() =>
      runBatch(entries, (entry) => send(messages, queue, entry, senderOf(call, cloud.account))),
    );
  };

  const purge = (queue: Queue) => {
    const row = store.get<{ purged_at: number }>`select purged_at from sqs_queue where name = ${queue.name}`!;
    if (row.purged_at > clock.now() - PURGE_PAUSE_MS)
      throw new AwsError(
        "PurgeQueueInProgress",
        `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
        { status: 403 },
      );
    store.run`delete from sqs_message where queue = ${queue.name}`;
    store.run`update sqs_queue set purged_at = ${clock.now()} where name = ${queue.name}`;
    return {};
  };

  const deleteQueue = (queue: Queue) => {
    for (const table of ["sqs_message", "sqs_dedup"])
      store.run(`delete from ${table} where queue = ?`, queue.name);
    store.run`delete from sqs_queue where name = ${queue.name}`;
    messages.wake(queue.name);
    return {};
  };

  const list = ({ QueueNamePrefix = "", MaxResults, NextToken }: Input) => {
    const limit = integer(MaxResults ?? 1000, "MaxResults", 1, 1000);
    const after = NextToken ? Buffer.from(String(NextToken), "base64url").toString() : "";
    const names = queues
      .all()
      .map((queue) => queue.name)
      .filter((name) => name.startsWith(QueueNamePrefix) && name > after);
    return page(names, limit);
  };

  const page = (names: string[], limit: number) => ({
    QueueUrls: names.length > 0 ? names.slice(0, limit).map(queues.url) : undefined,
    NextToken: names.length > limit ? Buffer.from(names[limit - 1]!).toString("base64url") : undefined,
  });

  /** Runs in one transaction on the queue the call names. */
  const onQueue = (work: (queue: Queue, input: Input, call: Call) => unknown) => (input: Input, call: Call) =>
    store.tx(() => work(queues.get(input.QueueUrl), input, call));

  return {
    operations: {
      CreateQueue: ({ QueueName, Attributes, tags }: Input) =>
        store.tx(() => ({ QueueUrl: queues.url(queues.create(QueueName, Attributes, tags).name) })),
      DeleteQueue: onQueue(deleteQueue),
      GetQueueUrl({ QueueName }: Input) {
        if (!QueueName) throw missing("QueueName");
        if (!queues.find(QueueName)) throw noQueue();
        return { QueueUrl: queues.url(QueueName) };
      },
      ListQueues: list,
      GetQueueAttributes: onQueue((queue, { AttributeNames = [] }, { principal }) => {
        const found = attributesOf(queue, AttributeNames);
        // For CloudWatch's metric only: no attribute of the API.
        if (principal.kind === "service") found["ApproximateAgeOfOldestMessage"] = String(ageSeconds(queue));
        return { Attributes: Object.keys(found).length > 0 ? found : undefined };
      }),
      SetQueueAttributes: onQueue((queue, { Attributes }) => {
        if (!Attributes) throw missing("Attributes");
        if ("FifoQueue" in Attributes) throw invalid("Unknown Attribute FifoQueue.");
        queues.update(queue, Attributes);
        return {};
      }),
      SendMessage: onQueue((queue, input, call) =>
        send(messages, queue, input, senderOf(call, cloud.account)),
      ),
      SendMessageBatch: sendBatch,
      ReceiveMessage: receive,
      DeleteMessage: onQueue((queue, { ReceiptHandle }) => deleteMessage(queue, ReceiptHandle)),
      DeleteMessageBatch: onQueue((queue, { Entries }) =>
        runBatch(Entries as Array<Entry & Input>, (entry) => deleteMessage(queue, entry.ReceiptHandle)),
      ),
      ChangeMessageVisibility: onQueue(changeVisibility),
      ChangeMessageVisibilityBatch: onQueue((queue, { Entries }) =>
        runBatch(Entries as Array<Entry & Input>, (entry) => changeVisibility(queue, entry)),
      ),
      PurgeQueue: onQueue(purge),
      ListDeadLetterSourceQueues: onQueue((queue, { MaxResults }) => {
        const sources = queues.sourcesOf(queue).map((source) => queues.url(source.name));
        const limit = integer(MaxResults ?? 1000, "MaxResults", 1, 1000);
        return { queueUrls: sources.slice(0, limit) };
      }),
      TagQueue: onQueue((queue, { Tags }) => {
        queues.tag(queue, { ...queue.tags, ...Tags });
        return {};
      }),
      UntagQueue: onQueue((queue, { TagKeys = [] }) => {
        const remaining = Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key));
        queues.tag(queue, Object.fromEntries(remaining));
        return {};
      }),
      ListQueueTags: onQueue((queue) => ({
        Tags: Object.keys(queue.tags).length > 0 ? queue.tags : undefined,
      })),
      StartMessageMoveTask: (input: Input) => store.tx(() => moves.start(input)),
      ListMessageMoveTasks: (input: Input) => moves.list(input),
      CancelMessageMoveTask: ({ TaskHandle }: Input) => store.tx(() => moves.cancel(TaskHandle)),
    },
    access: (operation, input) => sqsAccess(operation, input, queues.arn, moves.sourceOf),
    accept(arn, delivery) {
      const queue = queues.byArn(arn);
      if (!queue) throw noQueue();
      acceptDelivery(kernel, messages, queue, delivery);
    },
    policy: (arn) => queues.byArn(arn)?.attributes.Policy,
    resume: moves.resume,
    async stop() {
      stopReceiving();
      moves.stop();
    },
  };
}

/** Attribute names that are valid although a queue may lack them. */
const OPTIONAL = new Set([
  "All",
  "Policy",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "FifoQueue",
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoThroughputLimit",
]);
