import { GetObjectCommand } from "@aws-sdk/client-s3";
import { isLinkedBucket } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { SluiceError } from "../error/error.ts";
import type { Source } from "../prediction/prediction.ts";
import { checkSize } from "./check.ts";

const missingNames = new Set(["NoSuchKey", "NoSuchVersion", "NotFound", "MethodNotAllowed"]);
const forbiddenNames = new Set(["AccessDenied", "Forbidden", "AllAccessDisabled"]);

/** Reads the object version of the event. Throws if it was deleted or overwritten. */
export async function fetchObject(source: Source, maxBytes: number) {
  const { bucket, key, versionId, etag } = source;
  checkSize(source.size, key, maxBytes);
  const version = versionId ? { VersionId: versionId } : etag ? { IfMatch: `"${etag}"` } : {};
  try {
    const output = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key, ...version }));
    if (output.ContentLength !== undefined) checkSize(output.ContentLength, key, maxBytes);
    const bytes = (await output.Body?.transformToByteArray()) ?? new Uint8Array();
    return { bytes, contentType: output.ContentType };
  } catch (error) {
    throw storageError(error, "s3:GetObject", bucket, key);
  }
}

export function storageError(error: unknown, action: string, bucket: string, key: string): SluiceError {
  if (error instanceof SluiceError) return error;
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata
    ?.httpStatusCode;
  const details = { action, bucket, key };
  const options = { cause: error, details };
  if (name === "PreconditionFailed" || status === 412) {
    return new SluiceError("OBJECT_CHANGED", `${key} was overwritten before it was read.`, options);
  }
  if (name === "NoSuchBucket") {
    const code = isLinkedBucket(bucket) ? "BUCKET_MISSING" : "BUCKET_UNKNOWN";
    return new SluiceError(code, `Bucket ${bucket} does not exist.`, options);
  }
  if (missingNames.has(name))
    return new SluiceError("OBJECT_GONE", `${key} is no longer in ${bucket}.`, options);
  if (forbiddenNames.has(name) || status === 403) {
    return new SluiceError(
      "STORAGE_FORBIDDEN",
      `${action} on ${bucket}/${key} is denied: ${message}`,
      options,
    );
  }
  return new SluiceError(
    "STORAGE_FAILED",
    `${action} on ${bucket}/${key} failed: ${name} ${message}`,
    options,
  );
}
