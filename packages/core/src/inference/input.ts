import { PutObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { storageError } from "../object/fetch.ts";
import type { Invocation, StoredInput } from "./invocation.ts";

/**
 * Stores the input for an asynchronous endpoint, which reads it minutes later and cannot name an object version: the
 * upload itself may be overwritten by then.
 */
export async function storeInput({
  inferenceId,
  bytes,
  contentType,
}: Pick<Invocation, "inferenceId" | "bytes" | "contentType">): Promise<StoredInput> {
  const bucket = buckets.results();
  const key = `async/input/${inferenceId}`;
  await s3()
    .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: contentType }))
    .catch((error: unknown) => {
      throw storageError(error, "s3:PutObject", bucket, key);
    });
  return { bucket, key, pendingKey: `${key}.pending` };
}
