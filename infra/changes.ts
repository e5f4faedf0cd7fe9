// SageMaker tells what its endpoints and training jobs do; these functions keep the records in step.
import { endpointPrefix } from "@sluice/models/names.ts";
import { anyRule, arnsOf, records } from "./access.ts";
import { busLink, publish } from "./bus.ts";
import { failed, keepFailures, onEvent } from "./events.ts";
import { settings } from "./function.ts";
import { eventDeadLetters, queues } from "./queues.ts";
import { place } from "./stage.ts";
import { tableLink } from "./table.ts";

const queueLinks = queues.map(({ link }) => link);

/** The index that finds predictions by their status. */
const OPEN = "gsi2";

/** Predictions that waited for their endpoint are put back on their model's queue. */
const release = { actions: ["sqs:SendMessage"], resources: queues.map(({ queue }) => queue.arn) };
const describeEndpoints = { actions: ["sagemaker:DescribeEndpoint"], resources: arnsOf("endpoint") };

/** An event says that a job is over; the job itself says with what. */
const describeJobs = { actions: ["sagemaker:DescribeTrainingJob"], resources: arnsOf("training-job") };

const endpointChanged = new sst.aws.Function("EndpointChanged", {
  ...settings,
  handler: "packages/functions/src/event/endpoint.handler",
  description: "Endpoint state changes to records; releases predictions that waited",
  memory: "512 MB",
  timeout: "1 minute",
  link: [tableLink, busLink, ...queueLinks],
  permissions: [records.get, records.put, records.update, records.queryIndex(OPEN), publish, release, failed],
});

const trainingChanged = new sst.aws.Function("TrainingChanged", {
  ...settings,
  handler: "packages/functions/src/event/training.handler",
  description: "Training job state changes to records",
  memory: "512 MB",
  timeout: "1 minute",
  link: [tableLink, busLink],
  permissions: [records.get, records.put, records.update, publish, describeJobs, failed],
});

const reconcile = new sst.aws.Function("Reconcile", {
  ...settings,
  handler: "packages/functions/src/cron/reconcile.handler",
  description: "Repairs what an event missed",
  memory: "512 MB",
  // Ends well before the next run begins.
  timeout: "4 minutes",
  link: [tableLink, busLink, ...queueLinks],
  permissions: [
    records.get,
    records.put,
    records.update,
    // gsi3 finds events that were never published.
    records.queryIndex("gsi1", OPEN, "gsi3"),
    publish,
    release,
    describeEndpoints,
    describeJobs,
    // Listing knows no resources.
    { actions: ["sagemaker:ListEndpoints", "sagemaker:ListTrainingJobs"], resources: ["*"] },
  ],
});

new sst.aws.CronV2("Reconciling", { schedule: "rate(5 minutes)", function: reconcile.arn, retries: 2 });

const startsOurs = [{ prefix: endpointPrefix(place) }];
const rules = [
  {
    name: "EndpointChanges",
    fn: endpointChanged,
    types: ["SageMaker Endpoint State Change", "SageMaker Endpoint Deployment State Change"],
    detail: { EndpointName: startsOurs },
  },
  {
    name: "TrainingChanges",
    fn: trainingChanged,
    types: ["SageMaker Training Job State Change"],
    detail: { TrainingJobName: startsOurs },
  },
];

for (const { name, fn, types, detail } of rules) {
  onEvent(name, { fn, pattern: { source: ["aws.sagemaker"], "detail-type": types, detail } });
  keepFailures(name, fn);
}

new aws.sqs.QueuePolicy("EventDeadLettersPolicy", {
  queueUrl: eventDeadLetters.url,
  policy: aws.iam.getPolicyDocumentOutput({
    statements: [
      {
        actions: ["sqs:SendMessage"],
        resources: [eventDeadLetters.arn],
        principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
        conditions: [{ test: "ArnLike", variable: "aws:SourceArn", values: [anyRule] }],
      },
    ],
  }).json,
});
