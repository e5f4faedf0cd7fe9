import { GetObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { SluiceError } from "../error/error.ts";
import { storageError } from "../object/fetch.ts";
import type { Prediction } from "./prediction.ts";
import { Result } from "./result.ts";

/** The whole result of a prediction that has one. */
export async function resultOf({ id, status, resultKey }: Prediction): Promise<Result> {
  if (!resultKey) throw new SluiceError("RESULT_UNKNOWN", `Prediction ${id} is ${status} and has no result.`);
  return Result.parse(JSON.parse(await read(buckets.results(), resultKey)));
}

async function read(bucket: string, key: string): Promise<string> {
  try {
    const output = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await output.Body?.transformToString()) ?? "";
  } catch (error) {
    throw storageError(error, "s3:GetObject", bucket, key);
  }
}

/** The very bytes that were predicted on. */
export async function original({ source }: Prediction) {
  const { bucket, key, versionId, etag, contentType } = source;
  const which = versionId ? { VersionId: versionId } : etag ? { IfMatch: `"${etag}"` } : {};
  try {
    const output = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key, ...which }));
    const bytes = (await output.Body?.transformToByteArray()) ?? new Uint8Array();
    return { bytes, contentType: contentType ?? output.ContentType ?? "application/octet-stream" };
  } catch (error) {
    throw storageError(error, "s3:GetObject", bucket, key);
  }
}
