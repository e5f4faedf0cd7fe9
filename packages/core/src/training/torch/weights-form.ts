// A form to upload files that a training starts from: a checkpoint, or the files of a base model.
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { randomUUID } from "node:crypto";
import { buckets } from "../../aws/link.ts";
import { s3 } from "../../aws/s3.ts";
import { getModel } from "../../model/model.ts";

/** S3's limit for a form is 5 GB. */
const MAX_BYTES = 2 * 1024 ** 3;
/** For a large file over a slow line. */
const FORM_SECONDS = 3_600;

export async function createWeightsForm(model: string, now: number) {
  const folder = `incoming/${getModel(model).name}/${randomUUID()}/`;
  const Bucket = buckets.artifacts();
  const { url, fields } = await createPresignedPost(s3(), {
    Bucket,
    // S3 replaces it by the name of each file.
    Key: `${folder}\${filename}`,
    Expires: FORM_SECONDS,
    Conditions: [["content-length-range", 1, MAX_BYTES]],
  });
  const expiresAt = new Date(now + FORM_SECONDS * 1_000).toISOString();
  return { uri: `s3://${Bucket}/${folder}`, url, fields, maxBytes: MAX_BYTES, expiresAt };
}
