// ListObjectVersions: every version and delete marker, newest first within a key.
import type { Operation } from "../../../kernel/service.ts";
import { getBucket } from "../bucket/buckets.ts";
import { detailOf, quote, type ObjectRow, type S3 } from "../context.ts";
import { invalidArgument } from "../errors.ts";
import { afterMarker, keyEncoder, pageSize } from "./list.ts";
import { versionRow } from "./rows.ts";
import { successor } from "./walk.ts";

export function versionOperations(s3: S3): Record<string, Operation> {
  const { store, cloud } = s3.kernel;

  /** In (key, newest first) order, from a key on, or from behind one version of it. */
  function* rows(bucket: string, prefix: string, from: string, behind?: ObjectRow): Generator<ObjectRow> {
    if (behind)
      yield* store.all<ObjectRow>`select * from s3_object
        where bucket = ${bucket} and key = ${behind.key} and seq < ${behind.seq} order by seq desc`;
    const below = prefix === "" ? undefined : successor(prefix);
    let keys: Array<{ key: string }>;
    let start = Buffer.compare(Buffer.from(from), Buffer.from(prefix)) > 0 ? from : prefix;
    do {
      keys = store.all<{ key: string }>(
        `select distinct key from s3_object where bucket = ? and key >= ?
         ${below === undefined ? "" : "and key < ?"} order by key limit 100`,
        bucket,
        start,
        ...(below === undefined ? [] : [below]),
      );
      for (const { key } of keys) {
        yield* store.all<ObjectRow>`select * from s3_object where bucket = ${bucket} and key = ${key}
          order by seq desc`;
        start = afterMarker(key, undefined);
      }
    } while (keys.length > 0);
  }

  return {
    ListObjectVersions(input) {
      const { Bucket, Prefix = "", Delimiter = "", KeyMarker = "", VersionIdMarker } = input;
      getBucket(s3, Bucket);
      const limit = pageSize(input.MaxKeys);
      const encode = keyEncoder(input.EncodingType);
      const behind = VersionIdMarker ? versionRow(s3, Bucket, KeyMarker, VersionIdMarker) : undefined;
      if (VersionIdMarker && !KeyMarker)
        throw invalidArgument(
          "A version-id marker cannot be specified without a key marker.",
          "version-id-marker",
          VersionIdMarker,
        );
      const Versions: unknown[] = [];
      const DeleteMarkers: unknown[] = [];
      const prefixes = new Set<string>();
      let last: { key: string; version?: string } | undefined;
      let truncated = false;
      for (const row of rows(Bucket, Prefix, afterMarker(KeyMarker, Delimiter), behind)) {
        const cut = Delimiter === "" ? -1 : row.key.indexOf(Delimiter, Prefix.length);
        const common = cut < 0 ? undefined : row.key.slice(0, cut + Delimiter.length);
        if (common !== undefined && prefixes.has(common)) continue;
        truncated = Versions.length + DeleteMarkers.length + prefixes.size >= limit;
        if (truncated) break;
        if (common !== undefined) prefixes.add(common);
        else (row.marker ? DeleteMarkers : Versions).push(describe(row, encode, cloud.account));
        last = common === undefined ? { key: row.key, version: row.version } : { key: common };
      }
      return {
        Name: Bucket,
        Prefix: encode(Prefix),
        Delimiter: Delimiter === "" ? undefined : encode(Delimiter),
        KeyMarker: encode(KeyMarker),
        VersionIdMarker,
        MaxKeys: limit,
        EncodingType: input.EncodingType,
        IsTruncated: truncated,
        NextKeyMarker: truncated && last ? encode(last.key) : undefined,
        NextVersionIdMarker: truncated ? last?.version : undefined,
        Versions,
        DeleteMarkers,
        CommonPrefixes: [...prefixes].map((common) => ({ Prefix: encode(common) })),
      };
    },
  };
}

function describe(row: ObjectRow, encode: (key: string) => string, account: string) {
  const shared = {
    Key: encode(row.key),
    VersionId: row.version,
    IsLatest: row.latest === 1,
    LastModified: new Date(row.modified),
    Owner: { ID: account },
  };
  if (row.marker) return shared;
  return { ...shared, ETag: quote(row.etag), Size: row.size, StorageClass: detailOf(row).storageClass };
}
