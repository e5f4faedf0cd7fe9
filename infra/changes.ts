// SageMaker's events of endpoints and training jobs update the records. The reconciler repairs what was missed.
import { arnsOf, ownNames, records } from "./access.ts";
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
const describeEndpoints = { actions: ["sagemaker:DescribeEndpoint"], resources: arnsOf("endpoint") };
const describeJobs = { actions: ["sagemaker:DescribeTrainingJob"], resources: arnsOf("training-job") };

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
    // Listing has no resources.
    { actions: ["sagemaker:ListEndpoints", "sagemaker:ListTrainingJobs"], resources: ["*"] },
  ],
});

new sst.aws.CronV2("Reconciling", { schedule: "rate(5 minutes)", function: reconcile.arn, retries: 2 });

onEvent("EndpointChanges", {
  fn: endpointChanged,
  pattern: {
    source: ["aws.sagemaker"],
    "detail-type": ["SageMaker Endpoint State Change", "SageMaker Endpoint Deployment State Change"],
    detail: { EndpointName: ownNames },
  },
});
keepFailures("EndpointChanges", endpointChanged);

onEvent("TrainingChanges", {
  fn: trainingChanged,
  pattern: {
    source: ["aws.sagemaker"],
    "detail-type": ["SageMaker Training Job State Change"],
    detail: { TrainingJobName: ownNames },
  },
});
keepFailures("TrainingChanges", trainingChanged);
