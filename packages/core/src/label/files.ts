// Uploads of dataset files directly to S3: one form for a batch of files. Files that exist already are not sent.
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import * as z from "zod";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { getModel } from "../model/model.ts";
import { storageError } from "../object/fetch.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { fn } from "../util/fn.ts";
import { byPath } from "@sluice/labels/format/collection.ts";
import { FilePath } from "./file-path.ts";

const formSeconds = 3_600;
const imageSeconds = 900;
const concurrentRequests = 50;
/** More pages cost more than one request for each file. */
const maxPages = 3;
/** The limit for dataset files. Uploads for predictions have their own, lower limit. */
const maxFileBytes = 67_108_864;

/** The prefix of a model's dataset files. Uploads there make no predictions. */
export const dataPrefix = (model: string) => `data/${model}/`;

export const requestFileUploads = fn(
  z.object({
    model: z.string(),
    files: z
      .array(
        z.object({
          /** Below `data/<model>/`. */
          path: FilePath,
          /** MD5 of the content in hex. A file with an equal ETag is not sent again. */
          etag: z.string().optional(),
        }),
      )
      .min(1)
      .max(500),
  }),
  async ({ model, files }) => {
    getModel(model);
    const bucket = buckets.uploads();
    const prefix = dataPrefix(model);
    const known = files.filter(({ etag }) => etag !== undefined).map(({ path }) => prefix + path);
    const etags = await etagsOf(bucket, prefix, known);
    const found = files.map(({ path, etag }) => {
      const key = prefix + path;
      return { path, key, present: etag !== undefined && etags.get(key) === etag };
    });
    const { url, fields } = await createPresignedPost(s3(), {
      Bucket: bucket,
      Key: `${prefix}\${filename}`,
      Expires: formSeconds,
      Conditions: [
        ["content-length-range", 1, maxFileBytes],
        ["starts-with", "$key", prefix],
        ["starts-with", "$Content-Type", ""],
      ],
    });
    // The client sets the key of each file.
    const { key: _, ...shared } = fields;
    return { bucket, url, fields: shared, maxBytes: maxFileBytes, files: found };
  },
);

/** The ETags of existing keys. The keys are usually close together, so a list of a thousand costs one request. */
async function etagsOf(
  bucket: string,
  prefix: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let rest = keys.toSorted(byPath);
  // S3 lists keys after this one: the first key without its last character.
  let after = Array.from(rest[0] ?? "")
    .slice(0, -1)
    .join("");
  for (let page = 0; page < maxPages && rest.length > 0; page++) {
    const { Contents = [], IsTruncated } = await s3()
      .send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, StartAfter: after }))
      .catch((error: unknown) => {
        throw storageError(error, "s3:ListBucket", bucket, prefix);
      });
    for (const { Key, ETag } of Contents) found.set(Key!, ETag!.replaceAll('"', ""));
    if (!IsTruncated) return found;
    after = Contents.at(-1)!.Key!;
    rest = rest.filter((key) => byPath(key, after) > 0);
  }
  await mapConcurrently(concurrentRequests, rest, async (key) => {
    const etag = await etagOf(bucket, key);
    if (etag !== undefined) found.set(key, etag);
  });
  return found;
}

async function etagOf(bucket: string, key: string): Promise<string | undefined> {
  try {
    const { ETag } = await s3().send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return ETag?.replaceAll('"', "");
  } catch (error) {
    const failure = storageError(error, "s3:GetObject", bucket, key);
    if (failure.code === "OBJECT_GONE") return undefined;
    throw failure;
  }
}

/** A presigned URL of one object, valid for 15 minutes. */
export const imageUrl = (key: string) =>
  getSignedUrl(
    s3(),
    new GetObjectCommand({
      Bucket: buckets.uploads(),
      Key: key,
      // Browsers still show images, but do not open an uploaded HTML page.
      ResponseContentDisposition: "attachment",
      ResponseCacheControl: "private, max-age=900",
    }),
    { expiresIn: imageSeconds },
  );
