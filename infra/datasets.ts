// Labels become datasets. Files are inspected in chunks, by many functions at once.
import { records } from "./access.ts";
import { busLink, publish } from "./bus.ts";
import { settings } from "./function.ts";
import { readUploads } from "./labels.ts";
import { consume, queueWithDeadLetters, receiveFrom, sendTo } from "./queues.ts";
import { artifacts, artifactsLink, uploads, uploadsLink } from "./storage.ts";
import { tableLink } from "./table.ts";

/** Enough to read, split and write a million labels. */
const PREPARE_SECONDS = 900;
/** Enough for 200 files of up to 64 MB. */
const INSPECT_SECONDS = 300;
const CONCURRENT_PREPARATIONS = 5;
const CONCURRENT_INSPECTIONS = 50;

export const prepare = queueWithDeadLetters("DatasetPrepare", PREPARE_SECONDS);
export const inspect = queueWithDeadLetters("DatasetInspect", INSPECT_SECONDS);

const datasetObjects = [$interpolate`${artifacts.arn}/datasets/*`];
const readDatasets = [
  { actions: ["s3:GetObject"], resources: datasetObjects },
  { actions: ["s3:ListBucket"], resources: [artifacts.arn] },
];

/** Of a function that requests datasets and reads them. */
export const preparing = {
  link: [tableLink, busLink, artifactsLink, prepare.link],
  permissions: [
    ...records.write,
    publish,
    records.query,
    records.queryIndex("gsi1"),
    sendTo(prepare),
    ...readDatasets,
  ],
};

const prepareDataset = new sst.aws.Function("PrepareDataset", {
  ...settings,
  handler: "packages/functions/src/queue/dataset-prepare.handler",
  description: "Labels to a split dataset; sends files that are not inspected yet to InspectFiles",
  // One full CPU core: sorting a million items takes a few seconds of it.
  memory: "1769 MB",
  storage: "4 GB",
  timeout: `${PREPARE_SECONDS} seconds`,
  // Collect short-lived lines earlier: a million labels then take 250 MB.
  environment: { NODE_OPTIONS: "--max-semi-space-size=8" },
  link: [uploadsLink, artifactsLink, tableLink, busLink, prepare.link, inspect.link],
  permissions: [
    ...records.write,
    publish,
    records.query,
    records.queryIndex("gsi2"),
    { actions: ["s3:ListBucket"], resources: [uploads.arn] },
    ...readDatasets,
    { actions: ["s3:PutObject", "s3:AbortMultipartUpload"], resources: datasetObjects },
    sendTo(prepare, inspect),
    receiveFrom(prepare),
  ],
});

const inspectFiles = new sst.aws.Function("InspectFiles", {
  ...settings,
  handler: "packages/functions/src/queue/dataset-inspect.handler",
  description: "Inspects the files of a dataset, each once",
  memory: "1769 MB",
  timeout: `${INSPECT_SECONDS} seconds`,
  // Native code that decodes images.
  nodejs: { ...settings.nodejs, install: ["sharp"] },
  link: [uploadsLink, tableLink, busLink, prepare.link, inspect.link],
  permissions: [
    ...records.write,
    publish,
    records.batchWrite,
    ...readUploads,
    sendTo(prepare),
    receiveFrom(inspect),
  ],
});

consume("DatasetPrepare", prepare, {
  fn: prepareDataset,
  batchSize: 1,
  concurrency: CONCURRENT_PREPARATIONS,
});
consume("DatasetInspect", inspect, { fn: inspectFiles, batchSize: 1, concurrency: CONCURRENT_INSPECTIONS });
