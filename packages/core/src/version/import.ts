// Imports an uploaded package: sent to S3 with a form, then registered by its key.
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { randomUUID } from "node:crypto";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { packageSize } from "./package.ts";
import { registerVersion } from "./register.ts";
import type { ModelVersion } from "./version.ts";

/** Read and copied within the API's 29 seconds, at about 40 MB a second. */
const maxBytes = 512 * 1024 ** 2;
const FORM_SECONDS = 900;

const folder = (model: string) => `incoming/${model}/`;
export const incomingKey = (model: string) => `${folder(model)}${randomUUID()}.tar.gz`;

export async function createUploadForm(model: string, now: number) {
  const key = incomingKey(getModel(model).name);
  const { url, fields } = await createPresignedPost(s3(), {
    Bucket: buckets.artifacts(),
    Key: key,
    Expires: FORM_SECONDS,
    Conditions: [["content-length-range", 1, maxBytes]],
  });
  return { key, url, fields, maxBytes, expiresAt: new Date(now + FORM_SECONDS * 1_000).toISOString() };
}

export async function importPackage(model: string, key: string, now: number): Promise<ModelVersion> {
  if (!key.startsWith(folder(getModel(model).name)))
    throw new SluiceError(
      "INPUT_INVALID",
      `key: "${key}" does not match an upload form issued for ${model}.`,
    );
  const location = { bucket: buckets.artifacts(), key };
  const bytes = await packageSize(location);
  if (bytes > maxBytes)
    throw new SluiceError(
      "PACKAGE_TOO_LARGE",
      `The package has ${bytes} bytes; the limit for an uploaded package is ${maxBytes} bytes.`,
      {
        hint:
          "Quantize the model, or let a training job write it to /opt/ml/model (`npx sluice train MODEL --platform IMAGE`), " +
          "where it may be larger.",
      },
    );
  return registerVersion(location, { model, source: "uploaded" }, now);
}
