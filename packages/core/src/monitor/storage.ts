// Monitoring's JSON files in S3.
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3.ts";
import { storageError } from "../object/fetch.ts";

/** Undefined if it does not exist, or is not JSON: then it is written again. */
export async function readJson(bucket: string, key: string): Promise<unknown> {
  try {
    const { Body } = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? "");
  } catch (error) {
    if (error instanceof SyntaxError || (error as Error).name === "NoSuchKey") return undefined;
    throw storageError(error, "s3:GetObject", bucket, key);
  }
}

export async function writeJson(bucket: string, key: string, value: unknown): Promise<void> {
  const Body = JSON.stringify(value);
  await s3()
    .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentType: "application/json" }))
    .catch((error: unknown) => {
      throw storageError(error, "s3:PutObject", bucket, key);
    });
}
