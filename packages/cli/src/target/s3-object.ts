// Objects that a command line names as s3://bucket/key. The SDK reads the environment: of the local cloud, or of AWS.
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { EXIT, Failure } from "../terminal/failure.ts";
import { connectTarget, type CommonOptions } from "./options.ts";

export const OBJECT_MISSING = "OBJECT_MISSING";

export const isS3Uri = (text: string) => text.startsWith("s3://");

/** Without a target, the SDK uses the buckets of the AWS account. */
export function setS3Environment(options: CommonOptions) {
  try {
    Object.assign(process.env, connectTarget(options).target.environment);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "TARGET_MISSING") throw error;
  }
}

/** Throws for an object of more than `maxBytes`, of which only that much is read. */
export async function readS3Object(
  uri: string,
  options: CommonOptions,
  maxBytes: number,
): Promise<Uint8Array> {
  const { bucket, key } = await openUri(uri, options);
  const bytes = await bucket.read(key, maxBytes + 1);
  if (!bytes) throw missingFailure(uri);
  if (bytes.byteLength <= maxBytes) return bytes;
  throw new Failure("OBJECT_TOO_LARGE", `${uri} has more than ${maxBytes} bytes.`, {
    exit: EXIT.usage,
    hint: "Scale the image down, or upload it to the model's prefix for a prediction without this limit.",
  });
}

export async function downloadS3Object(uri: string, options: CommonOptions, file: string): Promise<void> {
  const { bucket, key } = await openUri(uri, options);
  const bytes = await bucket.stream(key);
  if (!bytes) throw missingFailure(uri);
  await pipeline(Readable.from(bytes), createWriteStream(file));
}

async function openUri(uri: string, options: CommonOptions) {
  const [, name, key] = /^s3:\/\/([^/]+)\/(.*[^/])$/.exec(uri) ?? [];
  if (name === undefined || key === undefined)
    throw new Failure("S3_URI_INVALID", `${uri} does not name an object.`, {
      exit: EXIT.usage,
      hint: "Write s3://bucket/key, such as s3://my-bucket/photos/car.jpg.",
    });
  setS3Environment(options);
  const { openBucket } = await import("@sluice/core/label/bucket.ts");
  return { bucket: openBucket(name, ""), key };
}

const missingFailure = (uri: string) =>
  new Failure(OBJECT_MISSING, `${uri} does not exist.`, {
    exit: EXIT.missing,
    hint: "Check the bucket and the key: keys distinguish upper and lower case.",
  });
