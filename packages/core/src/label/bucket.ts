// The objects below a prefix of a bucket, as a collection.
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3.ts";
import { storageError } from "../object/fetch.ts";
import { byPath, type Collection } from "@sluice/labels/format/collection.ts";
import { type Page, existsCache } from "@sluice/labels/format/exists-cache.ts";

/** S3's limit, in bytes of UTF-8. */
const MAX_KEY_BYTES = 1_024;
const isKey = (key: string) => key.isWellFormed() && Buffer.byteLength(key) <= MAX_KEY_BYTES;

/** `prefix` is empty or ends in `/`. */
export function openBucket(name: string, prefix: string): Collection {
  const key = (path: string) => prefix + path;
  const get = (path: string, range?: string) =>
    unlessMissing("s3:GetObject", name, key(path), () =>
      s3().send(new GetObjectCommand({ Bucket: name, Key: key(path), Range: range })),
    );
  const has = async (key: string) => {
    const head = () => s3().send(new HeadObjectCommand({ Bucket: name, Key: key }));
    return (await unlessMissing("s3:GetObject", name, key, head)) !== undefined;
  };
  const page = async (folder: string, after: string | undefined): Promise<Page> => {
    const {
      Contents = [],
      CommonPrefixes = [],
      IsTruncated,
    } = await s3()
      .send(new ListObjectsV2Command({ Bucket: name, Prefix: folder, Delimiter: "/", StartAfter: after }))
      .catch((error: unknown) => {
        throw storageError(error, "s3:ListBucket", name, folder);
      });
    const keys = Contents.map(({ Key }) => Key!);
    const last = [keys.at(-1), CommonPrefixes.at(-1)?.Prefix].filter((key) => key !== undefined);
    // U+10FFFF sorts after every key of a folder.
    const upTo = last.map((key) => (key.endsWith("/") ? `${key}\u{10ffff}` : key)).toSorted(byPath);
    return { keys, upTo: IsTruncated ? upTo.at(-1) : undefined };
  };
  const exists = existsCache({ has, page });
  return {
    name: `s3://${name}/${prefix}`,
    async *list() {
      let token: string | undefined;
      do {
        const page = await s3()
          .send(new ListObjectsV2Command({ Bucket: name, Prefix: prefix, ContinuationToken: token }))
          .catch((error: unknown) => {
            throw storageError(error, "s3:ListBucket", name, prefix);
          });
        for (const { Key, Size = 0, ETag } of page.Contents ?? []) {
          // The S3 console creates a folder as an empty object whose key ends in `/`.
          if (!Key || Key.endsWith("/")) continue;
          yield { path: Key.slice(prefix.length), size: Size, etag: ETag?.replaceAll('"', "") };
        }
        token = page.NextContinuationToken;
      } while (token);
    },
    async read(path, limit) {
      const output = await get(path, limit === undefined ? undefined : `bytes=0-${limit - 1}`);
      return output && ((await output.Body?.transformToByteArray()) ?? new Uint8Array());
    },
    async stream(path) {
      const output = await get(path);
      return output?.Body as AsyncIterable<Uint8Array> | undefined;
    },
    has: async (path) => isKey(key(path)) && exists(key(path)),
  };
}

async function unlessMissing<T>(
  action: string,
  name: string,
  key: string,
  send: () => Promise<T>,
): Promise<T | undefined> {
  // S3 rejects invalid keys with an error, but they are only missing.
  if (!isKey(key)) return undefined;
  try {
    return await send();
  } catch (error) {
    const { name: code, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    // An empty object exists, but has no range.
    if (code === "InvalidRange" || $metadata?.httpStatusCode === 416) return {} as T;
    const missing = $metadata?.httpStatusCode === 404 || code === "NoSuchKey" || code === "NotFound";
    if (missing && code !== "NoSuchBucket") return undefined;
    throw storageError(error, action, name, key);
  }
}
