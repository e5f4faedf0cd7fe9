// Failures, drift, low accuracy and spent budgets become alerts, and alerts are delivered by rules.
import { records } from "./access.ts";
import { bus, busLink, publish } from "./bus.ts";
import { keepFailures, onEvent, storeFailures } from "./events.ts";
import { settings } from "./function.ts";
import { consume, queueWithDeadLetters, receiveFrom, sendTo } from "./queues.ts";
import { tableLink } from "./table.ts";
import { alertsLink, publishAlerts } from "./topics.ts";
import { pageLink } from "./web.ts";

/** A webhook has 10 seconds to respond. */
const DELIVER_SECONDS = 30;
const CONCURRENT_DELIVERIES = 5;

export const alertQueue = queueWithDeadLetters("Alert", DELIVER_SECONDS);

const raise = new sst.aws.Function("RaiseAlerts", {
  ...settings,
  handler: "packages/functions/src/event/alert.handler",
  description: "Events to alerts, and alerts to the queue of deliveries",
  memory: "512 MB",
  timeout: "1 minute",
  link: [tableLink, busLink, alertQueue.link, pageLink],
  permissions: [
    ...records.write,
    records.query,
    records.queryIndex("gsi1"),
    publish,
    sendTo(alertQueue),
    storeFailures,
  ],
});

onEvent("AlertsRaised", {
  fn: raise,
  bus: bus.name,
  pattern: { "detail-type": ["alert.raised", "drift.detected", "accuracy.low", "training.deferred"] },
});
onEvent("FailuresToAlerts", {
  fn: raise,
  bus: bus.name,
  pattern: {
    "detail-type": ["training.changed", "deployment.changed"],
    detail: { status: ["Failed", "failed"] },
  },
});
onEvent("DecisionsToAlerts", {
  fn: raise,
  bus: bus.name,
  pattern: { "detail-type": ["retrain.decided"], detail: { reason: ["budget"] } },
});
keepFailures("RaiseAlerts", raise);

const deliver = new sst.aws.Function("DeliverAlerts", {
  ...settings,
  handler: "packages/functions/src/queue/alert-deliver.handler",
  description: "Alerts to webhooks, Slack and SNS",
  memory: "512 MB",
  timeout: `${DELIVER_SECONDS} seconds`,
  link: [tableLink, alertQueue.link, alertsLink],
  permissions: [records.get, publishAlerts, receiveFrom(alertQueue)],
});
consume("DeliverAlerts", alertQueue, { fn: deliver, batchSize: 1, concurrency: CONCURRENT_DELIVERIES });

const summarize = new sst.aws.Function("SummarizeAlerts", {
  ...settings,
  handler: "packages/functions/src/cron/alert-summaries.handler",
  description: "Alerts of quiet hours to one summary afterwards",
  memory: "512 MB",
  timeout: "1 minute",
  link: [tableLink, alertQueue.link],
  permissions: [records.query, records.queryIndex("gsi1"), records.delete, sendTo(alertQueue)],
});
new sst.aws.CronV2("SummarizingAlerts", {
  schedule: "rate(5 minutes)",
  function: summarize.arn,
  retries: 2,
});
