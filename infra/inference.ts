// One function per model reads its queue. Ten messages at once share the calls that can be shared.
import { BATCH, lanes } from "@sluice/models/lanes.ts";
import { busLink, publish } from "./bus.ts";
import { endpointArns, endpointNames, records } from "./access.ts";
import { settings } from "./function.ts";
import { INFER_SECONDS, queues } from "./queues.ts";
import { results, resultsLink, uploads, uploadsLink } from "./storage.ts";
import { tableLink } from "./table.ts";

export const infer = queues.map(({ model, name, queue, link }) => {
  const { batches, atOnce } = lanes(model.hosting.concurrency);
  const fn = new sst.aws.Function(`${name}Infer`, {
    ...settings,
    handler: "packages/functions/src/queue/infer.handler",
    description: `Uploads to predictions of the model ${model.name}`,
    // Holds ten objects of up to 6 MB and their copies; more memory is also more CPU for a cold start.
    memory: "1024 MB",
    timeout: `${INFER_SECONDS} seconds`,
    environment: { SLUICE_MODEL: model.name, SLUICE_AT_ONCE: String(atOnce) },
    link: [uploadsLink, resultsLink, tableLink, busLink, link],
    permissions: [
      {
        actions: ["s3:GetObject", "s3:GetObjectVersion"],
        resources: model.accepts.prefixes.map((prefix) => $interpolate`${uploads.arn}/${prefix}*`),
      },
      // Without it a deleted object answers AccessDenied, not NoSuchKey.
      { actions: ["s3:ListBucket"], resources: [uploads.arn, results.arn] },
      {
        actions: ["s3:PutObject"],
        resources: [
          $interpolate`${results.arn}/predictions/${model.name}/*`,
          // What an asynchronous endpoint is to read.
          $interpolate`${results.arn}/async/input/*`,
          ...endpointNames(model.name).map((endpoint) => $interpolate`${results.arn}/capture/${endpoint}/*`),
        ],
      },
      {
        actions: ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync"],
        resources: endpointArns(model.name),
      },
      // An asynchronous endpoint's answer, and where it was told to leave it.
      {
        actions: ["s3:GetObject"],
        resources: [
          $interpolate`${results.arn}/async/${model.name}/*`,
          $interpolate`${results.arn}/async/input/*.asked`,
        ],
      },
      records.get,
      records.put,
      records.update,
      publish,
      {
        actions: [
          "sqs:ReceiveMessage",
          "sqs:DeleteMessage",
          "sqs:GetQueueAttributes",
          // What failed in passing comes again soon, not after the visibility timeout.
          "sqs:ChangeMessageVisibility",
        ],
        resources: [queue.arn],
      },
    ],
  });

  new aws.lambda.EventSourceMapping(`${name}InferSource`, {
    eventSourceArn: queue.arn,
    functionName: fn.name,
    batchSize: BATCH,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: batches },
  });

  return { model, name, fn };
});
