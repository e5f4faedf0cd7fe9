// One function per model reads its queue, in batches that share calls.
import { BATCH_SIZE, batchingFor } from "@sluice/models/batching.ts";
import { endpointArns, endpointNames, records } from "./access.ts";
import { busLink, publish } from "./bus.ts";
import { settings } from "./function.ts";
import { consume, INFER_SECONDS, queues, receiveFrom } from "./queues.ts";
import { results, resultsLink, uploads, uploadsLink } from "./storage.ts";
import { tableLink } from "./table.ts";

export const infer = queues.map(({ model, ...queue }) => {
  const { name } = queue;
  const { batches, requests } = batchingFor(model.hosting.concurrency);
  const fn = new sst.aws.Function(`${name}Infer`, {
    ...settings,
    handler: "packages/functions/src/queue/infer.handler",
    description: `Uploads to predictions of the model ${model.name}`,
    // Ten objects of up to 6 MB and their copies; more memory also means more CPU for a cold start.
    memory: "1024 MB",
    timeout: `${INFER_SECONDS} seconds`,
    environment: { SLUICE_MODEL: model.name, SLUICE_CONCURRENCY: String(requests) },
    link: [uploadsLink, resultsLink, tableLink, busLink, queue.link],
    permissions: [
      {
        actions: ["s3:GetObject", "s3:GetObjectVersion"],
        resources: model.accepts.prefixes.map((prefix) => $interpolate`${uploads.arn}/${prefix}*`),
      },
      // Without it, S3 reports a deleted object as AccessDenied instead of NoSuchKey.
      { actions: ["s3:ListBucket"], resources: [uploads.arn, results.arn] },
      {
        actions: ["s3:PutObject"],
        resources: [
          $interpolate`${results.arn}/predictions/${model.name}/*`,
          // The inputs of an asynchronous endpoint.
          $interpolate`${results.arn}/async/input/*`,
          ...endpointNames(model.name).map((endpoint) => $interpolate`${results.arn}/capture/${endpoint}/*`),
        ],
      },
      {
        actions: ["sagemaker:InvokeEndpoint", "sagemaker:InvokeEndpointAsync"],
        resources: endpointArns(model.name),
      },
      // The responses of an asynchronous endpoint, and its pending requests.
      {
        actions: ["s3:GetObject"],
        resources: [
          $interpolate`${results.arn}/async/${model.name}/*`,
          $interpolate`${results.arn}/async/input/*.pending`,
        ],
      },
      records.get,
      records.put,
      records.update,
      publish,
      receiveFrom(queue),
    ],
  });
  consume(`${name}Infer`, queue, { fn, batchSize: BATCH_SIZE, concurrency: batches });
  return { model, name, fn };
});
