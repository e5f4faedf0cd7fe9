import { PutObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { storageError } from "../object/fetch.ts";
import type { Stored } from "./ask-later.ts";
import type { Invocation } from "./invoke.ts";

/**
 * Where an asynchronous endpoint may read the bytes. It names no version of an object, and may read minutes later: the
 * upload itself could be another by then.
 */
export async function keepInput({
  inferenceId,
  bytes,
  contentType,
}: Pick<Invocation, "inferenceId" | "bytes" | "contentType">): Promise<Stored> {
  const place = { bucket: buckets.results(), key: `async/input/${inferenceId}` };
  await s3()
    .send(
      new PutObjectCommand({ Bucket: place.bucket, Key: place.key, Body: bytes, ContentType: contentType }),
    )
    .catch((error: unknown) => {
      throw storageError(error, "s3:PutObject", place.bucket, place.key);
    });
  return { ...place, note: `${place.key}.asked` };
}
