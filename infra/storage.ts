// Uploads come in, results and captures go out, artifacts are what training makes and hosting reads.
import { production } from "./stage.ts";

/** An old version outlives every retry and redrive of the event that named it. */
const OLD_VERSIONS_DAYS = 30;

/** A request waits for six hours at most, and is answered within one. */
const EXCHANGE_DAYS = 2;

const everywhere = {
  id: "unfinished-uploads-and-old-versions",
  status: "Enabled",
  filter: { prefix: "" },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
  noncurrentVersionExpiration: { noncurrentDays: OLD_VERSIONS_DAYS },
};

/** What asynchronous endpoints are given to read and what they answer: copies, both. */
const asyncExchange = {
  id: "inputs-and-answers-of-asynchronous-endpoints",
  status: "Enabled",
  filter: { prefix: "async/" },
  expiration: { days: EXCHANGE_DAYS },
  noncurrentVersionExpiration: { noncurrentDays: 1 },
};

const settings: sst.aws.BucketArgs = {
  versioning: true,
  cors: false,
  lifecycle: [{ id: "unfinished", enabled: true }],
  transform: {
    bucket: { forceDestroy: !production },
    lifecycle: (args) => {
      args.rules = [everywhere];
    },
  },
};

export const uploads = new sst.aws.Bucket("Uploads", {
  ...settings,
  // The browser sends the form of a presigned POST here; what it may hold is signed into the form.
  cors: { allowMethods: ["POST", "PUT", "GET", "HEAD"], exposeHeaders: ["ETag"], maxAge: "1 hour" },
});
export const results = new sst.aws.Bucket("Results", {
  ...settings,
  transform: {
    ...settings.transform,
    lifecycle: (args) => {
      args.rules = [everywhere, asyncExchange];
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

// SST has no word for S3's EventBridge notifications.
new aws.s3.BucketNotification("UploadsNotification", { bucket: uploads.name, eventbridge: true });

export const uploadsLink = new sst.Linkable("UploadsBucket", { properties: { name: uploads.name } });
export const resultsLink = new sst.Linkable("ResultsBucket", { properties: { name: results.name } });
export const artifactsLink = new sst.Linkable("ArtifactsBucket", { properties: { name: artifacts.name } });
