import { models } from "@sluice/models/index.ts";
import { arnsOf, records, scaling } from "./access.ts";
import { labelling, preparing } from "./datasets.ts";
import { settings } from "./function.ts";
import { queues } from "./queues.ts";
import { artifacts, results, resultsLink, uploads, uploadsLink } from "./storage.ts";
import { tableLink } from "./table.ts";
import { training, trainingLog } from "./training.ts";
import { registering, requesting } from "./versions.ts";

const handler = new sst.aws.Function("ApiHandler", {
  ...settings,
  handler: "packages/api/src/lambda.handler",
  description: "The HTTP API",
  memory: "1024 MB",
  // An HTTP API gives up after 30 seconds.
  timeout: "29 seconds",
  link: [
    ...new Set([
      uploadsLink,
      resultsLink,
      tableLink,
      ...queues.flatMap(({ link, deadLettersLink }) => [link, deadLettersLink]),
      ...labelling.link,
      ...preparing.link,
      ...registering.link,
      ...requesting.link,
      ...training.link,
    ]),
  ],
  // Some are asked for by several; IAM counts every letter.
  permissions: [
    ...new Set([
      records.get,
      records.query,
      // The first index is granted by each of those below.
      records.queryIndex("gsi2", "gsi4"),
      ...training.permissions,
      trainingLog,
      {
        // To put is what a presigned upload lends to its bearer.
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
      // What comes over HTTP is kept where an asynchronous endpoint may read it.
      { actions: ["s3:PutObject"], resources: [$interpolate`${results.arn}/async/input/*`] },
      ...labelling.permissions,
      ...preparing.permissions,
      ...registering.permissions,
      ...requesting.permissions,
      // A deleted endpoint is scaled no longer.
      ...scaling.end,
      // Without it a missing object answers AccessDenied, not NoSuchKey.
      { actions: ["s3:ListBucket"], resources: [uploads.arn, results.arn] },
      {
        actions: ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync", "sagemaker:DeleteEndpoint"],
        resources: arnsOf("endpoint"),
      },
      // A redrive is done in the caller's name: SQS receives and deletes there, and sends here.
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
      // Reading metrics knows no resources.
      { actions: ["cloudwatch:GetMetricData"], resources: ["*"] },
    ]),
  ],
});

const api = new sst.aws.ApiGatewayV2("Http", {
  accessLog: { retention: "1 month" },
  // The gateway answers preflights and drops what the function says of CORS. To browsers `*` does not mean "authorization".
  cors: { allowHeaders: ["authorization", "*"], exposeHeaders: ["etag", "x-request-id"], maxAge: "1 hour" },
});
api.route("$default", handler.arn);

// An HTTP API cannot stream, a function URL can. Callers bring the same bearer token, checked by the function.
const live = new sst.aws.Function("Live", {
  ...settings,
  handler: "packages/api/src/live.handler",
  description: "Live updates by server-sent events",
  // Waits for most of its time, and every open page is billed for one.
  memory: "256 MB",
  timeout: "15 minutes",
  streaming: true,
  // The function answers CORS itself, as behind the HTTP API: headers from both would stand there twice, and browsers
  // refuse that.
  url: { cors: false },
  link: [tableLink],
  permissions: [records.get, records.queryIndex("gsi1", "gsi3")],
});

export const urls = { api: api.url, live: live.url };

export const apiLink = new sst.Linkable("Api", { properties: { url: api.url } });
export const liveLink = new sst.Linkable("LiveUpdates", { properties: { url: live.url } });
