// SageMaker's events of endpoints and training jobs update the records. The reconciler repairs what was missed.
import { pascal } from "@sluice/models/names.ts";
import { arnsOf, endpointNames, onOwn, ownJobs, records } from "./access.ts";
import { busLink, publish } from "./bus.ts";
import { keepFailures, onEvent, storeFailures } from "./events.ts";
import { settings } from "./function.ts";
import { queues, sendTo } from "./queues.ts";
import { tableLink } from "./table.ts";

const queueLinks = queues.map(({ link }) => link);

/** Finds predictions by their status. */
const BY_STATUS = "gsi2";

/** Sends predictions that waited for their endpoint to their queue again. */
const release = sendTo(...queues);
const describeEndpoints = onOwn(["sagemaker:DescribeEndpoint"], "endpoint");
const describeJobs = onOwn(["sagemaker:DescribeTrainingJob"], "training-job");

const endpointChanged = new sst.aws.Function("EndpointChanged", {
  ...settings,
  handler: "packages/functions/src/event/endpoint.handler",
  description: "Endpoint state changes to records; releases predictions that waited",
  memory: "512 MB",
  timeout: "1 minute",
  link: [tableLink, busLink, ...queueLinks],
  permissions: [...records.write, records.queryIndex(BY_STATUS), publish, release, storeFailures],
});

const trainingChanged = new sst.aws.Function("TrainingChanged", {
  ...settings,
  handler: "packages/functions/src/event/training.handler",
  description: "Training job state changes to records",
  memory: "512 MB",
  timeout: "1 minute",
  link: [tableLink, busLink],
  permissions: [...records.write, publish, describeJobs, storeFailures],
});

const reconcile = new sst.aws.Function("Reconcile", {
  ...settings,
  handler: "packages/functions/src/cron/reconcile.handler",
  description: "Repairs what lost events left behind",
  memory: "512 MB",
  // Ends before the next run starts.
  timeout: "4 minutes",
  link: [tableLink, busLink, ...queueLinks],
  permissions: [
    ...records.write,
    // gsi3 finds events that were never published.
    records.queryIndex("gsi1", BY_STATUS, "gsi3"),
    publish,
    release,
    describeEndpoints,
    describeJobs,
    // Tells jobs of other stages apart, and so reads their tags too.
    { actions: ["sagemaker:ListTags"], resources: arnsOf("training-job") },
    // Listing has no resources.
    { actions: ["sagemaker:ListEndpoints", "sagemaker:ListTrainingJobs"], resources: ["*"] },
  ],
});

new sst.aws.CronV2("Reconciling", { schedule: "rate(5 minutes)", function: reconcile.arn, retries: 2 });

// A rule for each model: the names of all endpoints would exceed the size of an event pattern.
for (const { model } of queues)
  onEvent(`${pascal(model.name)}EndpointChanges`, {
    fn: endpointChanged,
    pattern: {
      source: ["aws.sagemaker"],
      "detail-type": ["SageMaker Endpoint State Change", "SageMaker Endpoint Deployment State Change"],
      detail: { EndpointName: endpointNames(model.name) },
    },
  });
keepFailures("EndpointChanges", endpointChanged);

onEvent("TrainingChanges", {
  fn: trainingChanged,
  pattern: {
    source: ["aws.sagemaker"],
    "detail-type": ["SageMaker Training Job State Change"],
    detail: { TrainingJobName: ownJobs },
  },
});
keepFailures("TrainingChanges", trainingChanged);
