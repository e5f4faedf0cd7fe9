// Buckets for uploads, for results and captures, and for artifacts: datasets, packages and training output.
import { production } from "./stage.ts";

/** An old object version outlives every retry and redrive of its event. */
const OLD_VERSIONS_DAYS = 30;

/** An asynchronous request waits for at most six hours and takes at most one. */
const ASYNC_DAYS = 2;

export const everyObject = {
  id: "unfinished-uploads-and-old-versions",
  status: "Enabled",
  filter: { prefix: "" },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
  noncurrentVersionExpiration: { noncurrentDays: OLD_VERSIONS_DAYS },
};

/** Inputs and responses of asynchronous endpoints: both are copies. */
const asyncObjects = {
  id: "inputs-and-responses-of-asynchronous-endpoints",
  status: "Enabled",
  filter: { prefix: "async/" },
  expiration: { days: ASYNC_DAYS },
  noncurrentVersionExpiration: { noncurrentDays: 1 },
};

/** Longer than the largest window of a drift report. */
const HOURS_DAYS = 40;

const monitoredHours = {
  id: "sums-of-captured-hours",
  status: "Enabled",
  filter: { prefix: "monitoring-hours/" },
  expiration: { days: HOURS_DAYS },
  noncurrentVersionExpiration: { noncurrentDays: 1 },
};

const settings: sst.aws.BucketArgs = {
  versioning: true,
  cors: false,
  lifecycle: [{ id: "unfinished", enabled: true }],
  transform: {
    bucket: { forceDestroy: !production },
    lifecycle: (args) => {
      args.rules = [everyObject];
    },
  },
};

export const uploads = new sst.aws.Bucket("Uploads", {
  ...settings,
  // Browsers send presigned POST forms here.
  cors: { allowMethods: ["POST", "PUT", "GET", "HEAD"], exposeHeaders: ["ETag"], maxAge: "1 hour" },
});
export const results = new sst.aws.Bucket("Results", {
  ...settings,
  transform: {
    ...settings.transform,
    lifecycle: (args) => {
      args.rules = [everyObject, asyncObjects, monitoredHours];
    },
  },
});
export const artifacts = new sst.aws.Bucket("Artifacts", settings);

for (const [name, bucket] of Object.entries({ Uploads: uploads, Results: results, Artifacts: artifacts })) {
  new aws.s3.BucketServerSideEncryptionConfiguration(`${name}Encryption`, {
    bucket: bucket.name,
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: true }],
  });
}

// SST cannot enable S3's EventBridge notifications.
new aws.s3.BucketNotification("UploadsNotification", { bucket: uploads.name, eventbridge: true });

export const uploadsLink = new sst.Linkable("UploadsBucket", { properties: { name: uploads.name } });
export const resultsLink = new sst.Linkable("ResultsBucket", { properties: { name: results.name } });
export const artifactsLink = new sst.Linkable("ArtifactsBucket", { properties: { name: artifacts.name } });

const artifactObjects = (prefixes: string[]) =>
  prefixes.map((prefix) => $interpolate`${artifacts.arn}/${prefix}/*`);
export const readArtifacts = (...prefixes: string[]) => ({
  actions: ["s3:GetObject"],
  resources: artifactObjects(prefixes),
});
/** The request must name a folder. A request for a missing object then fails as forbidden. */
export const listArtifacts = (...prefixes: string[]) => ({
  actions: ["s3:ListBucket"],
  resources: [artifacts.arn],
  conditions: [
    { test: "StringLike" as const, variable: "s3:prefix", values: prefixes.map((prefix) => `${prefix}/*`) },
  ],
});
export const writeArtifacts = (...prefixes: string[]) => ({
  actions: ["s3:PutObject"],
  resources: artifactObjects(prefixes),
});
