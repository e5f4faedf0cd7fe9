// A queue and a dead-letter queue for each model: a model that fails or floods holds up no other, its dead letters
// are counted and put back by themselves, and its function may read nothing else.
import { models } from "@sluice/models/index.ts";
import { deadLettersName, pascal, queueName } from "@sluice/models/names.ts";

/** Of the function that reads the queue: one invocation of 60 s and the retries of a quick failure. */
export const INFER_SECONDS = 120;
export const MAX_RECEIVES = 5;

export const encrypted = { sqsManagedSseEnabled: true };
export const FOURTEEN_DAYS = 1_209_600;

export const queues = models.map((model) => {
  const name = pascal(model.name);
  const deadLetters = new sst.aws.Queue(`${name}DeadLetter`, {
    transform: { queue: { ...encrypted, messageRetentionSeconds: FOURTEEN_DAYS } },
  });
  const queue = new sst.aws.Queue(name, {
    // AWS asks for six times the reader's timeout, so that no message returns while it is still worked on.
    visibilityTimeout: `${6 * INFER_SECONDS} seconds`,
    dlq: { queue: deadLetters.arn, retry: MAX_RECEIVES },
    transform: { queue: { ...encrypted, messageRetentionSeconds: FOURTEEN_DAYS } },
  });
  const link = new sst.Linkable(queueName(model.name), { properties: { url: queue.url } });
  const deadLettersLink = new sst.Linkable(deadLettersName(model.name), {
    properties: { url: deadLetters.url },
  });
  return { model, name, queue, deadLetters, link, deadLettersLink };
});

/** Where an event ends that a function could not be handed, or failed on after its retries. */
export const eventDeadLetters = new sst.aws.Queue("EventDeadLetters", {
  transform: { queue: { ...encrypted, messageRetentionSeconds: FOURTEEN_DAYS } },
});
