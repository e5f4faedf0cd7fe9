// The permissions that each operation needs.
import type { Access } from "../../kernel/service.ts";
import { readSource } from "./object/copy.ts";

/** Operations whose IAM action has another name. */
const BUCKET_ACTIONS: Record<string, string> = {
  HeadBucket: "ListBucket",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
  ListObjectVersions: "ListBucketVersions",
  ListMultipartUploads: "ListBucketMultipartUploads",
  GetBucketNotificationConfiguration: "GetBucketNotification",
  PutBucketNotificationConfiguration: "PutBucketNotification",
  GetBucketCors: "GetBucketCORS",
  PutBucketCors: "PutBucketCORS",
  DeleteBucketCors: "PutBucketCORS",
  GetBucketLifecycleConfiguration: "GetLifecycleConfiguration",
  PutBucketLifecycleConfiguration: "PutLifecycleConfiguration",
  DeleteBucketLifecycle: "PutLifecycleConfiguration",
  GetBucketEncryption: "GetEncryptionConfiguration",
  PutBucketEncryption: "PutEncryptionConfiguration",
  GetPublicAccessBlock: "GetBucketPublicAccessBlock",
  PutPublicAccessBlock: "PutBucketPublicAccessBlock",
  DeletePublicAccessBlock: "PutBucketPublicAccessBlock",
  DeleteBucketTagging: "PutBucketTagging",
};

const OBJECT_ACTIONS: Record<string, string> = {
  HeadObject: "GetObject",
  GetObjectAttributes: "GetObject",
  PostObject: "PutObject",
  CopyObject: "PutObject",
  CreateMultipartUpload: "PutObject",
  UploadPart: "PutObject",
  UploadPartCopy: "PutObject",
  CompleteMultipartUpload: "PutObject",
  ListParts: "ListMultipartUploadParts",
};

const VERSIONED = new Set([
  "GetObject",
  "DeleteObject",
  "GetObjectTagging",
  "PutObjectTagging",
  "DeleteObjectTagging",
]);

export function accessOf(operation: string, input: Record<string, any>): Access[] {
  if (operation === "ListBuckets") return [{ action: "s3:ListAllMyBuckets", resource: "*" }];
  const bucket = `arn:aws:s3:::${input.Bucket}`;
  if (operation === "DeleteObjects")
    return (input.Delete?.Objects ?? []).map(({ Key, VersionId }: any) =>
      objectAccess("DeleteObject", `${bucket}/${Key}`, VersionId),
    );
  if (input.Key === undefined) {
    const context: Record<string, string> = {};
    if (input.Prefix !== undefined) context["s3:prefix"] = input.Prefix;
    if (input.Delimiter !== undefined) context["s3:delimiter"] = input.Delimiter;
    return [{ action: `s3:${BUCKET_ACTIONS[operation] ?? operation}`, resource: bucket, context }];
  }
  const object = `${bucket}/${input.Key}`;
  const needs = [objectAccess(OBJECT_ACTIONS[operation] ?? operation, object, input.VersionId)];
  if (input.Tagging !== undefined && typeof input.Tagging === "string")
    needs.push({ action: "s3:PutObjectTagging", resource: object });
  if (input.CopySource !== undefined) {
    const source = readSource(input.CopySource);
    needs.push(objectAccess("GetObject", `arn:aws:s3:::${source.bucket}/${source.key}`, source.version));
  }
  return needs;
}

function objectAccess(action: string, resource: string, version: string | undefined): Access {
  const named =
    VERSIONED.has(action) && version !== undefined ? action.replace(/^(\w+?Object)/, "$1Version") : action;
  return { action: `s3:${named}`, resource };
}
