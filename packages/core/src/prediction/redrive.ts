import {
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { sqs } from "../aws/sqs.ts";

const attributes = async (url: string, names: ("QueueArn" | "ApproximateNumberOfMessages")[]) =>
  (await sqs().send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: names }))).Attributes ??
  {};

/** Moves the messages of a dead-letter queue back to its source queue. Returns how many there were. */
export async function redriveDeadLetters(
  deadLettersUrl: string,
): Promise<{ messages: number; task?: string }> {
  const found = await attributes(deadLettersUrl, ["QueueArn", "ApproximateNumberOfMessages"]);
  const messages = Number(found.ApproximateNumberOfMessages ?? 0);
  if (messages === 0) return { messages };
  const { TaskHandle } = await sqs().send(new StartMessageMoveTaskCommand({ SourceArn: found.QueueArn }));
  return { messages, task: TaskHandle };
}

export async function redriveProgress(deadLettersUrl: string) {
  const { QueueArn } = await attributes(deadLettersUrl, ["QueueArn"]);
  const { Results } = await sqs().send(
    new ListMessageMoveTasksCommand({ SourceArn: QueueArn, MaxResults: 1 }),
  );
  const task = Results?.[0];
  return {
    status: task?.Status,
    moved: task?.ApproximateNumberOfMessagesMoved ?? 0,
    reason: task?.FailureReason,
  };
}

/** The approximate number of messages in a queue. */
export async function countMessages(url: string): Promise<number> {
  return Number((await attributes(url, ["ApproximateNumberOfMessages"])).ApproximateNumberOfMessages ?? 0);
}
