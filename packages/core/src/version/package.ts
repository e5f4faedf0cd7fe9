// Packages in the artifacts bucket, at the digest of their content.
import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Readable } from "node:stream";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { storageError } from "../object/fetch.ts";
import type { ModelVersion } from "./version.ts";

const LINK_SECONDS = 900;

export const folderOf = (model: string, digest: string) => `packages/${model}/${digest}/`;
export const packageKey = (model: string, digest: string) => `${folderOf(model, digest)}model.tar.gz`;

export interface ObjectLocation {
  bucket: string;
  key: string;
}

export async function openPackage({ bucket, key }: ObjectLocation): Promise<Readable> {
  try {
    const output = await s3().send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return output.Body as Readable;
  } catch (error) {
    throw storageError(error, "s3:GetObject", bucket, key);
  }
}

export async function packageSize({ bucket, key }: ObjectLocation): Promise<number> {
  const head = await s3()
    .send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    .catch((error: unknown) => {
      throw storageError(error, "s3:GetObject", bucket, key);
    });
  return head.ContentLength ?? 0;
}

/** Does nothing when the package exists: its key is the digest of its content. */
export async function storePackage(from: ObjectLocation, model: string, digest: string): Promise<string> {
  const bucket = buckets.artifacts();
  const key = packageKey(model, digest);
  try {
    await s3().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  } catch {
    const source = `${from.bucket}/${from.key.split("/").map(encodeURIComponent).join("/")}`;
    await s3()
      .send(new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource: source }))
      .catch((error: unknown) => {
        throw storageError(error, "s3:PutObject", bucket, key);
      });
  }
  return `s3://${bucket}/${key}`;
}

export async function storeArtifact(key: string, body: Uint8Array, contentType: string): Promise<void> {
  const bucket = buckets.artifacts();
  await s3()
    .send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }))
    .catch((error: unknown) => {
      throw storageError(error, "s3:PutObject", bucket, key);
    });
}

export async function downloadLink({ model, digest, bytes }: ModelVersion, now: number) {
  const what = new GetObjectCommand({ Bucket: buckets.artifacts(), Key: packageKey(model, digest) });
  const url = await getSignedUrl(s3(), what, { expiresIn: LINK_SECONDS });
  return { url, bytes, expiresAt: new Date(now + LINK_SECONDS * 1_000).toISOString() };
}
