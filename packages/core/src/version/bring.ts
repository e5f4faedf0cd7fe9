// A package that somebody brings: sent straight to S3 with a form, then registered by its key.
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { randomUUID } from "node:crypto";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { SluiceError } from "../error/error.ts";
import { model as modelNamed } from "../model/model.ts";
import { sizeOf } from "./package.ts";
import { register } from "./register.ts";
import type { ModelVersion } from "./version.ts";

/** Read whole and copied within the API's 29 seconds, at the 40 MB a second that its share of a core manages. */
const maxBytes = 512 * 1024 ** 2;
const validSeconds = 900;

const folder = (model: string) => `incoming/${model}/`;
export const incomingKey = (model: string) => `${folder(model)}${randomUUID()}.tar.gz`;

export async function form(model: string, now: number) {
  const key = incomingKey(modelNamed(model).name);
  const { url, fields } = await createPresignedPost(s3(), {
    Bucket: buckets.artifacts(),
    Key: key,
    Expires: validSeconds,
    Conditions: [["content-length-range", 1, maxBytes]],
  });
  return { key, url, fields, maxBytes, expiresAt: new Date(now + validSeconds * 1_000).toISOString() };
}

export async function bring(model: string, key: string, now: number): Promise<ModelVersion> {
  if (!key.startsWith(folder(modelNamed(model).name)))
    throw new SluiceError("INPUT_INVALID", `key: "${key}" is none that a form for ${model} was given for.`);
  const place = { bucket: buckets.artifacts(), key };
  const bytes = await sizeOf(place);
  if (bytes > maxBytes)
    throw new SluiceError(
      "PACKAGE_TOO_LARGE",
      `The package has ${bytes} bytes; brought, it may have ${maxBytes}.`,
      {
        hint:
          "Quantise the model, or let a training job leave it in /opt/ml/model (`sluice train --platform IMAGE`): " +
          "what a job leaves may be larger.",
      },
    );
  return register(place, { model, source: "brought" }, now);
}
