// Alarms for dead letters, for messages that wait too long, and for the API. Those of functions are in functions.ts, and
// those of an endpoint are created with it.
import { alarm } from "./alarm.ts";
import { alertQueue } from "./alerts.ts";
import { gateway } from "./api.ts";
import { inspect, prepare } from "./datasets.ts";
import { allowFailures } from "./events.ts";
import { labelFiles } from "./labels.ts";
import { liveQueue } from "./live.ts";
import { eventDeadLetters, queues, scheduleDeadLetters } from "./queues.ts";

allowFailures();

const deadLetterQueues = [
  ...[...queues, labelFiles, prepare, inspect, alertQueue, liveQueue].map(({ name, deadLetters }) => ({
    name,
    queue: deadLetters,
  })),
  { name: "Event", queue: eventDeadLetters },
  { name: "Schedule", queue: scheduleDeadLetters },
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
    alarmDescription: "An upload has been waiting for half an hour. Check `npx sluice endpoints list`.",
    namespace: "AWS/SQS",
    metricName: "ApproximateAgeOfOldestMessage",
    dimensions: { QueueName: queue.nodes.queue.name },
    statistic: "Maximum",
    threshold: 1_800,
  });
}

alarm("LiveEventsQueueAge", {
  alarmDescription: "Changes reach open pages late: an event has been waiting for five minutes.",
  namespace: "AWS/SQS",
  metricName: "ApproximateAgeOfOldestMessage",
  dimensions: { QueueName: liveQueue.queue.nodes.queue.name },
  statistic: "Maximum",
  threshold: 300,
});

const ofApi = {
  namespace: "AWS/ApiGateway",
  dimensions: { ApiId: gateway.nodes.api.id },
};
alarm("ApiErrors", {
  ...ofApi,
  alarmDescription: "Requests to the API fail with status 5xx. `sluice logs ApiHandler` prints the errors.",
  metricName: "5xx",
  statistic: "Sum",
  threshold: 5,
});
alarm("ApiLatency", {
  ...ofApi,
  alarmDescription:
    "One in twenty requests to the API has taken longer than 5 seconds for a quarter of an hour.",
  metricName: "Latency",
  extendedStatistic: "p95",
  threshold: 5_000,
  evaluationPeriods: 3,
  evaluateLowSampleCountPercentiles: "ignore",
});
