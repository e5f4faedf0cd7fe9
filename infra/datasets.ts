// Label files become labels, labels become datasets. Files are looked at by as many functions as there are chunks of them.
import { records } from "./access.ts";
import { busLink, publish } from "./bus.ts";
import { settings } from "./function.ts";
import { encrypted, FOURTEEN_DAYS, MAX_RECEIVES } from "./queues.ts";
import { artifacts, artifactsLink, uploads, uploadsLink } from "./storage.ts";
import { table, tableLink } from "./table.ts";

const ONE_DAY = 86_400;
/** A million labels are read, split and written in a few of them; a label file of any size too. */
const WORK_MINUTES = 15;
/** 200 files of up to 64 MB. */
const LOOK_MINUTES = 5;

function queueFor(name: string, minutes: number) {
  const deadLetters = new sst.aws.Queue(`${name}DeadLetter`, {
    transform: { queue: { ...encrypted, messageRetentionSeconds: FOURTEEN_DAYS } },
  });
  const queue = new sst.aws.Queue(name, {
    visibilityTimeout: `${6 * minutes} minutes`,
    dlq: { queue: deadLetters.arn, retry: MAX_RECEIVES },
    transform: { queue: { ...encrypted, messageRetentionSeconds: FOURTEEN_DAYS } },
  });
  const link = new sst.Linkable(`${name}Queue`, { properties: { url: queue.url } });
  return { name, queue, deadLetters, link };
}

const labelFiles = queueFor("LabelFiles", WORK_MINUTES);
const prepare = queueFor("DatasetPrepare", WORK_MINUTES);
const inspect = queueFor("DatasetInspect", LOOK_MINUTES);
export const datasetQueues = [labelFiles, prepare, inspect];

const takes = ({ queue }: (typeof datasetQueues)[number]) => ({
  actions: [
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    // What failed in passing comes again soon, not after the visibility timeout.
    "sqs:ChangeMessageVisibility",
  ],
  resources: [queue.arn],
});
const sends = (...to: typeof datasetQueues) => ({
  actions: ["sqs:SendMessage"],
  resources: to.map(({ queue }) => queue.arn),
});
const write = [records.get, records.put, records.update, publish];
const batches = (...actions: ("BatchGetItem" | "BatchWriteItem")[]) => ({
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: [table.arn],
});
const remove = { actions: ["dynamodb:DeleteItem"], resources: [table.arn] };
/** Any object may carry a label, and lists tell what is there. */
const seesUploads = [
  { actions: ["s3:GetObject"], resources: [$interpolate`${uploads.arn}/*`] },
  { actions: ["s3:ListBucket"], resources: [uploads.arn] },
];
const readsDatasets = [
  { actions: ["s3:GetObject"], resources: [$interpolate`${artifacts.arn}/datasets/*`] },
  { actions: ["s3:ListBucket"], resources: [artifacts.arn] },
];

/** Asks for a dataset, and reads those there are. */
export const preparing = {
  link: [tableLink, busLink, artifactsLink, prepare.link],
  permissions: [...write, records.query, records.queryIndex("gsi1"), sends(prepare), ...readsDatasets],
};

/** Sets labels one by one, and lends out forms for files and label files. */
export const labelling = {
  link: [tableLink, busLink, uploadsLink],
  permissions: [
    ...write,
    remove,
    batches("BatchGetItem"),
    records.query,
    records.queryIndex("gsi1"),
    ...seesUploads,
    {
      actions: ["s3:PutObject"],
      resources: ["data", "labels"].map((folder) => $interpolate`${uploads.arn}/${folder}/*`),
    },
  ],
};

const labelsArrived = new sst.aws.Function("LabelsArrived", {
  ...settings,
  handler: "packages/functions/src/queue/dataset-labels.handler",
  description: "Label files to labels",
  // An archive of label files is held unpacked.
  memory: "2048 MB",
  timeout: `${WORK_MINUTES} minutes`,
  link: [uploadsLink, tableLink, busLink, labelFiles.link],
  permissions: [...write, batches("BatchGetItem"), ...seesUploads, takes(labelFiles)],
});

/** V8 lets garbage of short-lived lines grow before it looks; kept small, a million labels take 250 MB. */
const smallGarbage = { NODE_OPTIONS: "--max-semi-space-size=8" };

const prepareDataset = new sst.aws.Function("PrepareDataset", {
  ...settings,
  handler: "packages/functions/src/queue/dataset-prepare.handler",
  description: "Labels to a split dataset; hands out the files nobody has looked at",
  // More memory is more CPU: sorting a million items takes one whole core a few seconds.
  memory: "1769 MB",
  storage: "4 GB",
  timeout: `${WORK_MINUTES} minutes`,
  environment: smallGarbage,
  link: [uploadsLink, artifactsLink, tableLink, busLink, prepare.link, inspect.link],
  permissions: [
    ...write,
    records.query,
    records.queryIndex("gsi2"),
    { actions: ["s3:ListBucket"], resources: [uploads.arn] },
    ...readsDatasets,
    {
      actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
      resources: [$interpolate`${artifacts.arn}/datasets/*`],
    },
    sends(prepare, inspect),
    takes(prepare),
  ],
});

const inspectFiles = new sst.aws.Function("InspectFiles", {
  ...settings,
  handler: "packages/functions/src/queue/dataset-inspect.handler",
  description: "What the files of a dataset hold, each read once",
  memory: "1769 MB",
  timeout: `${LOOK_MINUTES} minutes`,
  // Native: decodes pictures.
  nodejs: { ...settings.nodejs, install: ["sharp"] },
  link: [uploadsLink, tableLink, busLink, prepare.link, inspect.link],
  permissions: [...write, batches("BatchWriteItem"), ...seesUploads, sends(prepare), takes(inspect)],
});

for (const { from, fn, atOnce } of [
  { from: labelFiles, fn: labelsArrived, atOnce: 5 },
  { from: prepare, fn: prepareDataset, atOnce: 5 },
  { from: inspect, fn: inspectFiles, atOnce: 50 },
]) {
  new aws.lambda.EventSourceMapping(`${from.name}Source`, {
    eventSourceArn: from.queue.arn,
    functionName: fn.name,
    batchSize: 1,
    functionResponseTypes: ["ReportBatchItemFailures"],
    scalingConfig: { maximumConcurrency: atOnce },
  });
}

const dropped = new aws.cloudwatch.EventRule("LabelFilesDropped", {
  description: "Label files to be imported",
  eventPattern: $jsonStringify({
    source: ["aws.s3"],
    "detail-type": ["Object Created"],
    detail: { bucket: { name: [uploads.name] }, object: { key: [{ prefix: "labels/" }] } },
  }),
});

new aws.cloudwatch.EventTarget("LabelFilesDroppedTarget", {
  rule: dropped.name,
  arn: labelFiles.queue.arn,
  retryPolicy: { maximumEventAgeInSeconds: ONE_DAY, maximumRetryAttempts: 185 },
  deadLetterConfig: { arn: labelFiles.deadLetters.arn },
});

for (const [suffix, to] of [
  ["Queue", labelFiles.queue],
  ["DeadLetters", labelFiles.deadLetters],
] as const) {
  new aws.sqs.QueuePolicy(`LabelFiles${suffix}Policy`, {
    queueUrl: to.url,
    policy: aws.iam.getPolicyDocumentOutput({
      statements: [
        {
          actions: ["sqs:SendMessage"],
          resources: [to.arn],
          principals: [{ type: "Service", identifiers: ["events.amazonaws.com"] }],
          conditions: [{ test: "ArnEquals", variable: "aws:SourceArn", values: [dropped.arn] }],
        },
      ],
    }).json,
  });
}
