// A package that somebody brings: sent straight to S3 with a form, then registered by its key.
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { randomUUID } from "node:crypto";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { SluiceError } from "../error/error.ts";
import { model as modelNamed } from "../model/model.ts";
import { register } from "./register.ts";
import type { ModelVersion } from "./version.ts";

/** Read whole, once, within the API's 29 seconds; a larger one comes by way of a training job. */
const maxBytes = 1024 ** 3;
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
  return register({ bucket: buckets.artifacts(), key }, { model, source: "brought" }, now);
}
