import { models } from "@sluice/models/index.ts";
import { mergePermissions, onAlarms, onOwn, records, scaling } from "./access.ts";
import { preparing } from "./datasets.ts";
import { requesting } from "./deployments.ts";
import { monitoring } from "./drift.ts";
import { settings } from "./function.ts";
import { labelling } from "./labels.ts";
import { queues } from "./queues.ts";
import { throttle } from "./settings.ts";
import { artifacts, results, resultsLink, uploads, uploadsLink } from "./storage.ts";
import { tableLink } from "./table.ts";
import { alertsLink, publishAlerts } from "./topics.ts";
import { training, trainingLog } from "./training.ts";
import { registering } from "./versions.ts";

const monitored = monitoring("*", ["*"]);

const handler = new sst.aws.Function("ApiHandler", {
  ...settings,
  handler: "packages/api/src/lambda.handler",
  description: "The HTTP API",
  memory: "1024 MB",
  // An HTTP API times out after 30 seconds.
  timeout: "29 seconds",
  link: [
    ...new Set([
      uploadsLink,
      resultsLink,
      tableLink,
      alertsLink,
      ...queues.flatMap(({ link, deadLettersLink }) => [link, deadLettersLink]),
      ...labelling.link,
      ...preparing.link,
      ...registering.link,
      ...requesting.link,
      ...training.link,
      ...monitored.link,
    ]),
  ],
  permissions: mergePermissions([
    records.get,
    records.query,
    // The permissions below include the first index.
    records.queryIndex("gsi2", "gsi3", "gsi4"),
    ...training.permissions,
    trainingLog,
    {
      // A presigned upload form uses the permission to put.
      actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
      resources: models
        .flatMap(({ accepts }) => accepts.prefixes)
        .filter((prefix, index, all) => all.indexOf(prefix) === index)
        .map((prefix) => $interpolate`${uploads.arn}/${prefix}*`),
    },
    {
      actions: ["s3:GetObject"],
      resources: [
        $interpolate`${results.arn}/predictions/*`,
        $interpolate`${results.arn}/async/*`,
        $interpolate`${artifacts.arn}/evaluations/*`,
      ],
    },
    // Of synchronous predictions: inputs for an asynchronous endpoint, and captures.
    {
      actions: ["s3:PutObject"],
      resources: [$interpolate`${results.arn}/async/input/*`, $interpolate`${results.arn}/capture/*`],
    },
    ...labelling.permissions,
    ...preparing.permissions,
    ...registering.permissions,
    ...requesting.permissions,
    // Deleting an endpoint removes its scaling.
    ...scaling.end,
    onAlarms("cloudwatch:DeleteAlarms"),
    // Without it, S3 reports a missing object as AccessDenied instead of NoSuchKey.
    { actions: ["s3:ListBucket"], resources: [uploads.arn, results.arn] },
    // A trace finds the predictions of an object by its versions.
    { actions: ["s3:ListBucketVersions"], resources: [uploads.arn] },
    onOwn(
      ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync", "sagemaker:DeleteEndpoint"],
      "endpoint",
    ),
    // SQS redrives with the caller's permissions: receive and delete there, send here.
    {
      actions: [
        "sqs:GetQueueAttributes",
        "sqs:StartMessageMoveTask",
        "sqs:ListMessageMoveTasks",
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
      ],
      resources: queues.map(({ deadLetters }) => deadLetters.arn),
    },
    {
      actions: ["sqs:GetQueueAttributes", "sqs:SendMessage"],
      resources: queues.map(({ queue }) => queue.arn),
    },
    // The state of a spot check.
    onOwn(["sagemaker:DescribeProcessingJob"], "processing-job"),
    ...monitored.permissions,
    // Reading metrics has no resources.
    { actions: ["cloudwatch:GetMetricData"], resources: ["*"] },
    // Alerts: their counts, removing a rule, and sending a test.
    records.batchGet,
    records.delete,
    publishAlerts,
  ]),
});

export const gateway = new sst.aws.ApiGatewayV2("Http", {
  accessLog: { retention: "1 month" },
  // The gateway handles preflights and drops the function's CORS headers. For browsers, `*` excludes "authorization".
  cors: { allowHeaders: ["authorization", "*"], exposeHeaders: ["etag", "x-request-id"], maxAge: "1 hour" },
  transform: {
    stage: {
      defaultRouteSettings: {
        throttlingRateLimit: throttle.perSecond,
        throttlingBurstLimit: throttle.burst,
      },
    },
  },
});
gateway.route("$default", handler.arn);

export const apiUrl = gateway.url;

export const apiLink = new sst.Linkable("Api", { properties: { url: gateway.url } });
