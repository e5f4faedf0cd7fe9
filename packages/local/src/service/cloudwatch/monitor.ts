// Runs every minute: measures the queues, evaluates the alarms and deletes old data points.
import type { Kernel } from "../../kernel/service.ts";
import { evaluateAlarm, type Alarm } from "./alarm.ts";
import type { Alarms } from "./alarms.ts";
import { KEEP_MS, MINUTE_MS } from "./limits.ts";
import { toPoint, type Points } from "./points.ts";

/** Metric, the queue attribute it comes from, and its unit. */
const QUEUE_METRICS = [
  ["ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessages", "Count"],
  ["ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesNotVisible", "Count"],
  ["ApproximateAgeOfOldestMessage", "ApproximateAgeOfOldestMessage", "Seconds"],
] as const;

const PRINCIPAL = { kind: "service", name: "cloudwatch.amazonaws.com" } as const;

export function openMonitor(kernel: Kernel, points: Points, alarms: Alarms) {
  const { store, clock } = kernel;
  let cancel = () => {};
  let running: Promise<void> | undefined;

  async function measureQueues() {
    for (const { attributes } of kernel.graph.all("aws:sqs/queue:Queue")) {
      const input = { QueueUrl: attributes.url, AttributeNames: ["All"] };
      const { Attributes } = await kernel.call("sqs", "GetQueueAttributes", input, PRINCIPAL);
      const dimensions = [{ Name: "QueueName", Value: attributes.name ?? "" }];
      store.tx(() => {
        for (const [name, attribute, unit] of QUEUE_METRICS) {
          // In the minute that has just ended, so that the alarms see the point now.
          const point = toPoint(clock.now() - 1, [Number(Attributes?.[attribute] ?? 0)]);
          points.add({ namespace: "AWS/SQS", name, dimensions }, unit, point);
        }
      });
    }
  }

  function evaluateAlarms() {
    for (const row of alarms.rows()) {
      const { state, reason } = evaluateAlarm(JSON.parse(row.definition) as Alarm, points, clock.now());
      if (state && state !== row.state) alarms.setState(row, state, reason);
      else if (row.state === "ALARM") alarms.repeatScalingActions(row);
    }
  }

  async function run() {
    await measureQueues().catch((error: Error) =>
      kernel.log("debug", `Queues were not measured: ${error.message}`),
    );
    evaluateAlarms();
    points.sweep(clock.now() - KEEP_MS);
  }

  function start() {
    cancel = clock.after(MINUTE_MS - (clock.now() % MINUTE_MS), () => {
      start();
      running = run().catch((error: Error) =>
        kernel.log("error", `Alarms were not evaluated: ${error.message}`),
      );
    });
  }

  return {
    start,
    async stop() {
      cancel();
      await running;
    },
  };
}
