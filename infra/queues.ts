// A queue and a dead-letter queue per model: a failing or flooded model delays no other, its dead letters are counted
// and redriven separately, and its function reads no other queue.
import { MAX_RECEIVES } from "@sluice/models/limits.ts";
import { models } from "@sluice/models/index.ts";
import { deadLettersName, pascal } from "@sluice/models/names.ts";

/** Of the function that reads a model's queue: one invocation of 60 s and the retries of a quick failure. */
export const INFER_SECONDS = 120;
const FOURTEEN_DAYS = 1_209_600;

const transform = {
  queue: { sqsManagedSseEnabled: true, messageRetentionSeconds: FOURTEEN_DAYS },
};

/** `seconds` is the timeout of the function that reads the queue. */
export function queueWithDeadLetters(name: string, seconds: number) {
  const deadLetters = new sst.aws.Queue(`${name}DeadLetter`, { transform });
  const queue = new sst.aws.Queue(name, {
    // AWS recommends six times the timeout, so that no message returns while it is being processed.
    visibilityTimeout: `${6 * seconds} seconds`,
    dlq: { queue: deadLetters.arn, retry: MAX_RECEIVES },
    transform,
  });
  const link = new sst.Linkable(`${name}Queue`, { properties: { url: queue.url } });
  return { name, queue, deadLetters, link };
}
export type QueueWithDeadLetters = ReturnType<typeof queueWithDeadLetters>;

export const queues = models.map((model) => {
  const queue = queueWithDeadLetters(pascal(model.name), INFER_SECONDS);
  const deadLettersLink = new sst.Linkable(deadLettersName(model.name), {
    properties: { url: queue.deadLetters.url },
  });
  return { model, ...queue, deadLettersLink };
});

/** For an event that could not be delivered to a function, or that the function failed on after its retries. */
export const eventDeadLetters = new sst.aws.Queue("EventDeadLetters", { transform });

/** For the runs of schedules that could not start. */
export const scheduleDeadLetters = new sst.aws.Queue("ScheduleDeadLetters", { transform });
$transform(sst.aws.CronV2, (args) => {
  args.dlq = scheduleDeadLetters.arn;
});

export const receiveFrom = ({ queue }: QueueWithDeadLetters) => ({
  actions: [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    // A failed message is retried before its visibility timeout ends.
    "sqs:ChangeMessageVisibility",
  ],
  resources: [queue.arn],
});

export const sendTo = (...to: QueueWithDeadLetters[]) => ({
  actions: ["sqs:SendMessage"],
  resources: to.map(({ queue }) => queue.arn),
});

interface Consumer {
  fn: sst.aws.Function;
  batchSize: number;
  /** Concurrent batches. */
  concurrency: number;
}

export function consume(
  name: string,
  { queue }: QueueWithDeadLetters,
  { fn, batchSize, concurrency }: Consumer,
) {
  new aws.lambda.EventSourceMapping(`${name}Source`, {
    eventSourceArn: queue.arn,
    functionName: fn.name,
    batchSize,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: concurrency },
  });
}
