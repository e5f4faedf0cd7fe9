import { PutObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { storageError } from "../object/fetch.ts";
import type { Source } from "../prediction/prediction.ts";
import type { Stored } from "./ask-later.ts";

/** Where an asynchronous endpoint may read the bytes: the upload itself, or a copy of what came over HTTP. */
export async function keepInput(
  id: string,
  { bucket, key }: Source,
  bytes: Uint8Array,
  contentType: string,
): Promise<Stored> {
  if (bucket) return { bucket, key };
  const place = { bucket: buckets.results(), key: `async/input/${id}` };
  await s3()
    .send(
      new PutObjectCommand({ Bucket: place.bucket, Key: place.key, Body: bytes, ContentType: contentType }),
    )
    .catch((error: unknown) => {
      throw storageError(error, "s3:PutObject", place.bucket, place.key);
    });
  return place;
}
