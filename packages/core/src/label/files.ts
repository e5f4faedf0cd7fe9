// Files to learn from, straight to S3: one form that takes a whole batch, and which of them are there already.
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { createPresignedPost } from "@aws-sdk/s3-presigned-post";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import * as z from "zod";
import { buckets } from "../aws/link.ts";
import { s3 } from "../aws/s3.ts";
import { model as modelNamed } from "../model/model.ts";
import { storageError } from "../object/fetch.ts";
import { atMost } from "../util/at-most.ts";
import { fn } from "../util/fn.ts";
import { byPath } from "@sluice/labels/format/collection.ts";
import { FilePath } from "./file-path.ts";

const formSeconds = 3_600;
const imageSeconds = 900;
const looksAtOnce = 50;
/** Files that lie among ten thousand others are looked up one by one. */
const mostPages = 3;
/** As large as a file may be that is looked at for a dataset; what makes predictions is held tighter. */
const largestBytes = 67_108_864;

/** Where a model's files to learn from lie; nothing that comes here makes a prediction. */
export const dataPrefix = (model: string) => `data/${model}/`;

export const request = fn(
  z.object({
    model: z.string(),
    files: z
      .array(
        z.object({
          /** Below `data/<model>/`. */
          path: FilePath,
          /** MD5 of the content in hex: what is there with it need not be sent again. */
          etag: z.string().optional(),
        }),
      )
      .min(1)
      .max(500),
  }),
  async ({ model, files }) => {
    modelNamed(model);
    const bucket = buckets.uploads();
    const prefix = dataPrefix(model);
    const known = files.filter(({ etag }) => etag !== undefined).map(({ path }) => prefix + path);
    const there = await etagsOf(bucket, prefix, known);
    const found = files.map(({ path, etag }) => {
      const key = prefix + path;
      return { path, key, present: etag !== undefined && there.get(key) === etag };
    });
    const { url, fields } = await createPresignedPost(s3(), {
      Bucket: bucket,
      Key: `${prefix}\${filename}`,
      Expires: formSeconds,
      Conditions: [
        ["content-length-range", 1, largestBytes],
        ["starts-with", "$key", prefix],
        ["starts-with", "$Content-Type", ""],
      ],
    });
    // The sender names each file's own key.
    const { key: _, ...shared } = fields;
    return { bucket, url, fields: shared, maxBytes: largestBytes, files: found };
  },
);

/** Of those that are there. Keys asked for together lie close together: a list of a thousand costs what one look costs. */
async function etagsOf(
  bucket: string,
  prefix: string,
  keys: readonly string[],
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  let rest = keys.toSorted(byPath);
  // Before the first one: without its last character.
  let after = Array.from(rest[0] ?? "")
    .slice(0, -1)
    .join("");
  for (let page = 0; page < mostPages && rest.length > 0; page++) {
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
  await atMost(looksAtOnce, rest, async (key) => {
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

/** An address that shows one object to whoever has it, for a quarter of an hour. */
export const imageUrl = (key: string) =>
  getSignedUrl(
    s3(),
    new GetObjectCommand({
      Bucket: buckets.uploads(),
      Key: key,
      // A picture in a page is shown all the same; a page that somebody uploaded is not run.
      ResponseContentDisposition: "attachment",
      ResponseCacheControl: "private, max-age=900",
    }),
    { expiresIn: imageSeconds },
  );
