// Versions become endpoints, step by step.
import { creating, onAlarms, onOwn, passRole, records, scaling } from "./access.ts";
import { bus, busLink, publish } from "./bus.ts";
import { keepFailures, onEvent, storeFailures } from "./events.ts";
import { settings } from "./function.ts";
import { expireLogs, hostingLink, hostingRole } from "./hosting.ts";
import { queues, sendTo } from "./queues.ts";
import { artifacts, artifactsLink, readArtifacts, results, resultsLink } from "./storage.ts";
import { tableLink } from "./table.ts";
import { alarmsLink } from "./topics.ts";

/** Of a function that requests deployments and reads them. */
export const requesting = {
  link: [tableLink, busLink, hostingLink],
  permissions: [
    ...records.write,
    records.query,
    records.queryIndex("gsi1"),
    publish,
    onOwn(["sagemaker:DescribeEndpoint"], "endpoint"),
  ],
};

const deploys = {
  ...settings,
  memory: "512 MB",
  // Two smoke tests of a cold endpoint, and the deletion of another.
  timeout: "5 minutes",
  link: [...requesting.link, artifactsLink, resultsLink, alarmsLink, ...queues.map(({ link }) => link)],
  permissions: [
    ...requesting.permissions,
    records.queryIndex("gsi2"),
    sendTo(...queues),
    readArtifacts("packages"),
    { actions: ["s3:GetObject"], resources: [$interpolate`${results.arn}/async/*`] },
    { actions: ["s3:ListBucket"], resources: [artifacts.arn, results.arn] },
    creating(
      ["sagemaker:CreateModel", "sagemaker:CreateEndpointConfig", "sagemaker:CreateEndpoint"],
      "model",
      "endpoint-config",
      "endpoint",
    ),
    // One statement: IAM limits the size of a policy, and an action applies to its own kinds only.
    onOwn(
      [
        "sagemaker:DescribeModel",
        "sagemaker:DeleteModel",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:DeleteEndpointConfig",
        "sagemaker:UpdateEndpoint",
        "sagemaker:DeleteEndpoint",
        "sagemaker:InvokeEndpoint",
        "sagemaker:InvokeEndpointAsync",
      ],
      "model",
      "endpoint-config",
      "endpoint",
    ),
    expireLogs,
    ...scaling.start,
    ...scaling.end,
    onAlarms("cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"),
    passRole(hostingRole),
    storeFailures,
  ],
} satisfies Partial<sst.aws.FunctionArgs>;

const deploy = new sst.aws.Function("Deploy", {
  ...deploys,
  handler: "packages/functions/src/event/deployment.handler",
  description: "Versions to endpoints, step by step",
});
onEvent("DeploymentsMoved", {
  fn: deploy,
  bus: bus.name,
  pattern: { "detail-type": ["endpoint.changed", "version.accepted"] },
});
// Only a requested and a failed deployment: the function continues its own steps itself.
onEvent("DeploymentsRequested", {
  fn: deploy,
  bus: bus.name,
  pattern: {
    "detail-type": ["deployment.changed"],
    detail: { $or: [{ step: ["preparing"] }, { status: ["failed"] }] },
  },
});
keepFailures("Deploy", deploy);

const advance = new sst.aws.Function("AdvanceDeployments", {
  ...deploys,
  handler: "packages/functions/src/cron/advance-deployments.handler",
  description: "Running deployments to their next share of traffic, or to their timeout",
});
new sst.aws.CronV2("AdvancingDeployments", {
  schedule: "rate(1 minute)",
  function: advance.arn,
  retries: 0,
});
