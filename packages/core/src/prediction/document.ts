import { GetObjectCommand } from "@aws-sdk/client-s3";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { SluiceError } from "../error/error.ts";
import { fetchObject, storageError } from "../object/fetch.ts";
import type { Prediction } from "./prediction.ts";
import { withDetectionIds } from "../inference/detection-id.ts";
import { Result } from "../inference/result.ts";

/** The result document of a prediction. */
export async function readResult({ id, status, resultKey }: Prediction): Promise<Result> {
  if (!resultKey) throw new SluiceError("RESULT_UNKNOWN", `Prediction ${id} is ${status} and has no result.`);
  const document = JSON.parse(await read(buckets.results(), resultKey)) as Result;
  return Result.parse(document.task === "object-detection" ? withDetectionIds(document) : document);
}

async function read(bucket: string, key: string): Promise<string> {
  try {
    const output = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await output.Body?.transformToString()) ?? "";
  } catch (error) {
    throw storageError(error, "s3:GetObject", bucket, key);
  }
}

/** Lambda's response limit is 6 MB, and base64 adds a third. */
const MAX_BYTES = 4_500_000;

/** The object version that was predicted on. */
export async function readInputFile({ source }: Prediction) {
  const { bucket, key, size = 0 } = source;
  if (size > MAX_BYTES) {
    throw new SluiceError(
      "OBJECT_TOO_LARGE",
      `${key} has ${size} bytes; a response holds at most ${MAX_BYTES}.`,
      {
        hint: `Read it from S3: s3://${bucket}/${key}`,
      },
    );
  }
  const { bytes, contentType } = await fetchObject(source, MAX_BYTES);
  return { bytes, contentType: source.contentType ?? contentType ?? "application/octet-stream" };
}
