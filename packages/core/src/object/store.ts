import { PutObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { storageError } from "./fetch.ts";

export async function storeResult(
  key: string,
  body: string,
  contentType: string,
  signal?: AbortSignal,
): Promise<void> {
  const bucket = buckets.results();
  try {
    await s3().send(
      new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }),
      {
        abortSignal: signal,
      },
    );
  } catch (error) {
    throw storageError(error, "s3:PutObject", bucket, key);
  }
}
