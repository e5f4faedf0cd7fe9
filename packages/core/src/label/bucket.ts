// A prefix of a bucket as a collection: pages and streams, whatever its size.
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { s3 } from "../aws/s3.ts";
import { storageError } from "../object/fetch.ts";
import { byPath, type Collection } from "@sluice/labels/format/collection.ts";
import { type Page, presence } from "@sluice/labels/format/presence.ts";

/** Bytes of UTF-8. */
const LONGEST_KEY = 1_024;
const isKey = (key: string) => key.isWellFormed() && Buffer.byteLength(key) <= LONGEST_KEY;

/** `prefix` is empty or ends in `/`. */
export function bucket(name: string, prefix: string): Collection {
  const key = (path: string) => prefix + path;
  const get = (path: string, range?: string) =>
    there("s3:GetObject", name, key(path), () =>
      s3().send(new GetObjectCommand({ Bucket: name, Key: key(path), Range: range })),
    );
  const has = async (key: string) => {
    const head = () => s3().send(new HeadObjectCommand({ Bucket: name, Key: key }));
    return (await there("s3:GetObject", name, key, head)) !== undefined;
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
    const last = [keys.at(-1), CommonPrefixes.at(-1)?.Prefix].filter((one) => one !== undefined);
    // A folder's own keys follow its prefix: U+10FFFF is behind all of them.
    const upTo = last.map((one) => (one.endsWith("/") ? `${one}\u{10ffff}` : one)).toSorted(byPath);
    return { keys, upTo: IsTruncated ? upTo.at(-1) : undefined };
  };
  const isThere = presence({ has, page });
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
          // A key that ends in `/` is a console's stand-in for a folder.
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
    has: async (path) => isKey(key(path)) && isThere(key(path)),
  };
}

async function there<T>(
  action: string,
  name: string,
  key: string,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  // S3 would refuse the request, which must not look like a failure of S3.
  if (!isKey(key)) return undefined;
  try {
    return await ask();
  } catch (error) {
    const { name: code, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
    // A range of an empty object cannot be satisfied; an empty object is there.
    if (code === "InvalidRange" || $metadata?.httpStatusCode === 416) return {} as T;
    const missing = $metadata?.httpStatusCode === 404 || code === "NoSuchKey" || code === "NotFound";
    if (missing && code !== "NoSuchBucket") return undefined;
    throw storageError(error, action, name, key);
  }
}
