// Label files become labels, and files of ground truth become truths of predictions.
import { records } from "./access.ts";
import { busLink, publish } from "./bus.ts";
import { onObjectCreated } from "./events.ts";
import { settings } from "./function.ts";
import { consume, queueWithDeadLetters, receiveFrom } from "./queues.ts";
import { uploads, uploadsLink } from "./storage.ts";
import { tableLink } from "./table.ts";

/** Enough for a label file of any accepted size. */
const IMPORT_SECONDS = 900;
const CONCURRENT_IMPORTS = 5;

export const labelFiles = queueWithDeadLetters("LabelFiles", IMPORT_SECONDS);

/** Any object may have a label, and label files may name objects by listing. */
export const readUploads = [
  { actions: ["s3:GetObject"], resources: [$interpolate`${uploads.arn}/*`] },
  { actions: ["s3:ListBucket"], resources: [uploads.arn] },
];

/** Of a function that sets labels and issues upload forms for files and label files. */
export const labelling = {
  link: [tableLink, busLink, uploadsLink],
  permissions: [
    ...records.write,
    publish,
    records.delete,
    records.batchGet,
    records.query,
    records.queryIndex("gsi1"),
    ...readUploads,
    {
      actions: ["s3:PutObject"],
      resources: ["data", "labels"].map((folder) => $interpolate`${uploads.arn}/${folder}/*`),
    },
  ],
};

const fn = new sst.aws.Function("LabelsArrived", {
  ...settings,
  handler: "packages/functions/src/queue/dataset-labels.handler",
  description: "Label files to labels, files of ground truth to truths",
  // Holds an unpacked archive of label files.
  memory: "2048 MB",
  timeout: `${IMPORT_SECONDS} seconds`,
  link: [uploadsLink, tableLink, busLink, labelFiles.link],
  permissions: [
    ...records.write,
    publish,
    records.batchGet,
    ...readUploads,
    // The text of a prediction becomes a label.
    { actions: ["s3:GetObjectVersion"], resources: [$interpolate`${uploads.arn}/*`] },
    receiveFrom(labelFiles),
  ],
});

consume("LabelFiles", labelFiles, { fn, batchSize: 1, concurrency: CONCURRENT_IMPORTS });
onObjectCreated("LabelFileUploads", {
  description: "Files to import: labels and ground truth",
  prefixes: ["labels/", "ground-truth/"],
  to: labelFiles,
});
