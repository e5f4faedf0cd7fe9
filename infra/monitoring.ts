// Alarms for dead letters, for messages that wait too long, and for failing functions.
import { alertQueue } from "./alerts.ts";
import { inspect, prepare } from "./datasets.ts";
import { infer } from "./inference.ts";
import { labelFiles } from "./labels.ts";
import { liveQueue } from "./live.ts";
import { eventDeadLetters, queues } from "./queues.ts";
import { alarms } from "./topics.ts";

const FIVE_MINUTES = 300;

type Alarm = Omit<aws.cloudwatch.MetricAlarmArgs, "comparisonOperator" | "evaluationPeriods">;

export const alarmArns: $util.Output<string>[] = [];

function alarm(name: string, args: Alarm) {
  const { arn } = new aws.cloudwatch.MetricAlarm(name, {
    comparisonOperator: "GreaterThanThreshold",
    period: FIVE_MINUTES,
    evaluationPeriods: 1,
    treatMissingData: "notBreaching",
    alarmActions: [alarms.arn],
    okActions: [alarms.arn],
    ...args,
  });
  alarmArns.push(arn);
}

const deadLetterQueues = [
  ...[...queues, labelFiles, prepare, inspect, alertQueue, liveQueue].map(({ name, deadLetters }) => ({
    name,
    queue: deadLetters,
  })),
  { name: "Event", queue: eventDeadLetters },
];
for (const { name, queue } of deadLetterQueues) {
  alarm(`${name}DeadLettersDepth`, {
    alarmDescription: "Messages failed. docs/operations.md says how to find the cause and send them again.",
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    threshold: 0,
  });
}

for (const { name, queue } of queues) {
  alarm(`${name}QueueAge`, {
    alarmDescription: "An upload has been waiting for half an hour.",
    namespace: "AWS/SQS",
    metricName: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    threshold: 1_800,
  });
}

for (const { name, fn } of infer) {
  alarm(`${name}InferErrors`, {
    alarmDescription: "The function failed on whole batches.",
    namespace: "AWS/Lambda",
    metricName: "Errors",
    dimensions: { FunctionName: fn.name },
    statistic: "Sum",
    threshold: 0,
  });
}
