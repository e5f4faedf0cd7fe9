// From a trained package to an endpoint: registered, evaluated, judged, deployed. Three functions, moved by events, and by
// the clock where an event was missed.
import { endpointPrefix } from "@sluice/models/names.ts";
import { arnsOf, handOver, records, scaling } from "./access.ts";
import { bus, busLink, publish } from "./bus.ts";
import { failed, keepFailures, onEvent } from "./events.ts";
import { settings } from "./function.ts";
import { evaluationRole, hostingLink, hostingRole } from "./hosting.ts";
import { queues } from "./queues.ts";
import { place } from "./stage.ts";
import { artifacts, artifactsLink, results, resultsLink, uploads, uploadsLink } from "./storage.ts";
import { tableLink } from "./table.ts";

const write = [records.get, records.put, records.update];
const endpoints = arnsOf("endpoint");
const reads = (...prefixes: string[]) => ({
  actions: ["s3:GetObject"],
  resources: prefixes.map((prefix) => $interpolate`${artifacts.arn}/${prefix}/*`),
});
const writes = (...prefixes: string[]) => ({ ...reads(...prefixes), actions: ["s3:PutObject"] });

/** Looks into a package, keeps it under its digest, keeps a known input with it, and has it evaluated. */
export const registering = {
  link: [tableLink, busLink, artifactsLink, uploadsLink, hostingLink],
  permissions: [
    ...write,
    records.queryIndex("gsi1"),
    publish,
    reads("incoming", "packages", "datasets"),
    writes("incoming", "packages"),
    { actions: ["s3:GetObject"], resources: [$interpolate`${uploads.arn}/*`] },
    { actions: ["s3:ListBucket"], resources: [artifacts.arn, uploads.arn] },
    {
      actions: ["sagemaker:CreateProcessingJob", "sagemaker:AddTags"],
      resources: arnsOf("processing-job"),
    },
    handOver(evaluationRole),
  ],
};

/** Asks for a deployment, and says what became of it. */
export const requesting = {
  link: [tableLink, busLink, hostingLink],
  permissions: [
    ...write,
    records.query,
    records.queryIndex("gsi1"),
    publish,
    { actions: ["sagemaker:DescribeEndpoint"], resources: endpoints },
  ],
};

const registerVersion = new sst.aws.Function("RegisterVersion", {
  ...settings,
  handler: "packages/functions/src/event/version.handler",
  description: "Completed training jobs to versions",
  // Half a CPU core more than its memory needs: a package is unpacked and hashed as it streams by.
  memory: "1024 MB",
  timeout: "15 minutes",
  link: registering.link,
  permissions: [
    ...registering.permissions,
    reads("training"),
    { actions: ["sagemaker:DescribeTrainingJob"], resources: arnsOf("training-job") },
    failed,
  ],
});

const judgeVersion = new sst.aws.Function("JudgeVersion", {
  ...settings,
  handler: "packages/functions/src/event/evaluation.handler",
  description: "Evaluations to figures and the policy's verdict",
  memory: "512 MB",
  timeout: "1 minute",
  link: [tableLink, busLink, artifactsLink],
  permissions: [
    ...write,
    records.queryIndex("gsi2"),
    publish,
    reads("evaluations"),
    { actions: ["s3:ListBucket"], resources: [artifacts.arn] },
    { actions: ["sagemaker:DescribeProcessingJob"], resources: arnsOf("processing-job") },
    failed,
  ],
});

const deploy = new sst.aws.Function("Deploy", {
  ...settings,
  handler: "packages/functions/src/event/deployment.handler",
  description: "Versions to endpoints, step by step",
  memory: "512 MB",
  // Two smoke tests of a cold endpoint, and the wait for one that is being deleted.
  timeout: "5 minutes",
  link: [...requesting.link, artifactsLink, resultsLink, ...queues.map(({ link }) => link)],
  permissions: [
    ...requesting.permissions,
    records.queryIndex("gsi2"),
    { actions: ["sqs:SendMessage"], resources: queues.map(({ queue }) => queue.arn) },
    reads("packages"),
    { actions: ["s3:GetObject"], resources: [$interpolate`${results.arn}/async/*`] },
    { actions: ["s3:ListBucket"], resources: [artifacts.arn, results.arn] },
    {
      actions: ["sagemaker:CreateModel", "sagemaker:DescribeModel", "sagemaker:DeleteModel"],
      resources: arnsOf("model"),
    },
    {
      actions: [
        "sagemaker:CreateEndpointConfig",
        "sagemaker:DescribeEndpointConfig",
        "sagemaker:DeleteEndpointConfig",
      ],
      resources: arnsOf("endpoint-config"),
    },
    {
      actions: ["sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"],
      resources: [...endpoints, ...arnsOf("endpoint-config")],
    },
    {
      actions: ["sagemaker:DeleteEndpoint", "sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync"],
      resources: endpoints,
    },
    {
      actions: ["sagemaker:AddTags"],
      resources: [...endpoints, ...arnsOf("endpoint-config", "model")],
    },
    ...scaling.begin,
    ...scaling.end,
    handOver(hostingRole),
    failed,
  ],
});

new sst.aws.CronV2("RegisteringMissed", {
  schedule: "rate(5 minutes)",
  function: registerVersion.arn,
  retries: 0,
});
new sst.aws.CronV2("JudgingMissed", { schedule: "rate(5 minutes)", function: judgeVersion.arn, retries: 0 });
// A share of the traffic is held for minutes, and a step that nothing came of is given up.
new sst.aws.CronV2("DeployingOn", { schedule: "rate(1 minute)", function: deploy.arn, retries: 0 });

const ours = [{ prefix: endpointPrefix(place) }];
const rules = [
  {
    name: "RunsCompleted",
    fn: registerVersion,
    bus: bus.name,
    pattern: { "detail-type": ["training.changed"], detail: { status: ["Completed"] } },
  },
  {
    name: "EvaluationsEnded",
    fn: judgeVersion,
    bus: undefined,
    pattern: {
      source: ["aws.sagemaker"],
      "detail-type": ["SageMaker Processing Job State Change"],
      detail: { ProcessingJobName: ours, ProcessingJobStatus: ["Completed", "Failed", "Stopped"] },
    },
  },
  {
    name: "DeploymentsMoved",
    fn: deploy,
    bus: bus.name,
    pattern: { "detail-type": ["endpoint.changed", "version.accepted"] },
  },
  {
    // Its own steps it takes by itself; it is woken for one that is asked for, and for one that is given up.
    name: "DeploymentsAsked",
    fn: deploy,
    bus: bus.name,
    pattern: {
      "detail-type": ["deployment.changed"],
      detail: { $or: [{ step: ["preparing"] }, { status: ["failed"] }] },
    },
  },
];

for (const { name, ...subscription } of rules) onEvent(name, subscription);

keepFailures("RegisterVersion", registerVersion);
keepFailures("JudgeVersion", judgeVersion);
keepFailures("Deploy", deploy);
