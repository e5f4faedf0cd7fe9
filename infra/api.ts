import { models } from "@sluice/models/index.ts";
import { endpointArns, readRecords, writeRecords } from "./access.ts";
import { bus, busLink } from "./bus.ts";
import { settings } from "./function.ts";
import { results, resultsLink, uploads, uploadsLink } from "./storage.ts";
import { tableLink } from "./table.ts";

const endpoints = models.flatMap(({ name }) => endpointArns(name));

const handler = new sst.aws.Function("ApiHandler", {
  ...settings,
  handler: "packages/api/src/lambda.handler",
  description: "The HTTP API",
  memory: "1024 MB",
  // An HTTP API gives up after 30 seconds.
  timeout: "29 seconds",
  link: [uploadsLink, resultsLink, tableLink, busLink],
  permissions: [
    readRecords,
    writeRecords,
    {
      // To put is what a presigned upload lends to its bearer.
      actions: ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
      resources: [$interpolate`${uploads.arn}/uploads/*`],
    },
    { actions: ["s3:GetObject", "s3:PutObject"], resources: [$interpolate`${results.arn}/predictions/*`] },
    // Without it a missing object answers AccessDenied, not NoSuchKey.
    { actions: ["s3:ListBucket"], resources: [uploads.arn, results.arn] },
    { actions: ["sagemaker:InvokeEndpoint", "sagemaker:DescribeEndpoint"], resources: endpoints },
    { actions: ["sagemaker:ListEndpoints"], resources: ["*"] },
    { actions: ["events:PutEvents"], resources: [bus.arn] },
  ],
});

const api = new sst.aws.ApiGatewayV2("Http", { accessLog: { retention: "1 month" } });
api.route("$default", handler.arn);

// An HTTP API cannot stream, a function URL can. Callers bring the same bearer token, checked by the function.
const live = new sst.aws.Function("Live", {
  ...settings,
  handler: "packages/api/src/live.handler",
  description: "Live updates by server-sent events",
  memory: "512 MB",
  timeout: "15 minutes",
  streaming: true,
  url: { cors: { allowMethods: ["GET"], allowHeaders: ["authorization", "last-event-id"] } },
  link: [tableLink],
  permissions: [readRecords],
});

export const urls = { api: api.url, live: live.url };

export const apiLink = new sst.Linkable("Api", { properties: { url: api.url } });
export const liveLink = new sst.Linkable("LiveUpdates", { properties: { url: live.url } });
