// ListObjectsV2 and ListObjects.
import type { Operation } from "../../../kernel/service.ts";
import { getBucket } from "../bucket/buckets.ts";
import { detailOf, quote, type ObjectRow, type S3 } from "../context.ts";
import { invalidArgument } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { keyAfter, compare, successor, walkKeys } from "./walk.ts";

export function listOperations(s3: S3): Record<string, Operation> {
  const { account } = s3.kernel.cloud;
  const page = (input: Record<string, any>, from: string) => {
    const { Bucket, Prefix: prefix = "", Delimiter: delimiter = "" } = input;
    getBucket(s3, Bucket);
    const limit = pageSize(input.MaxKeys);
    const encode = keyEncoder(input.EncodingType);
    const fetch = (start: string, below: string | undefined, count: number) =>
      s3.kernel.store.all<ObjectRow>(
        `select * from s3_object where bucket = ? and key >= ? and latest = 1 and marker = 0
         ${below === undefined ? "" : "and key < ?"} order by key limit ?`,
        Bucket,
        start,
        ...(below === undefined ? [] : [below]),
        count,
      );
    const { rows, prefixes, next } =
      limit === 0 ? { rows: [], prefixes: [] } : walkKeys({ prefix, delimiter, from, limit, fetch });
    const shared = {
      Name: Bucket,
      Prefix: encode(prefix),
      Delimiter: delimiter === "" ? undefined : encode(delimiter),
      MaxKeys: limit,
      EncodingType: input.EncodingType,
      IsTruncated: next !== undefined,
      CommonPrefixes: prefixes.map((common) => ({ Prefix: encode(common) })),
      Contents: rows.map((row) => describe(row, encode)),
    };
    return { shared, rows, prefixes, next, encode };
  };
  return {
    ListObjectsV2(input) {
      const { ContinuationToken, StartAfter } = input;
      const from =
        ContinuationToken !== undefined ? readToken(ContinuationToken) : keyAfter(StartAfter ?? "");
      const { shared, rows, prefixes, next, encode } = page(input, from === "\0" ? "" : from);
      const owned = input.FetchOwner ? { Owner: { ID: account } } : {};
      return {
        ...shared,
        Contents: shared.Contents.map((object) => ({ ...object, ...owned })),
        KeyCount: rows.length + prefixes.length,
        ContinuationToken,
        NextContinuationToken: next && writeToken(next),
        StartAfter: StartAfter === undefined ? undefined : encode(StartAfter),
      };
    },
    ListObjects(input) {
      const { Marker = "", Delimiter } = input;
      const { shared, rows, prefixes, next, encode } = page(input, afterMarker(Marker, Delimiter));
      // Without a delimiter, clients continue after the last key.
      const last = [rows.at(-1)?.key, prefixes.at(-1)]
        .filter((key) => key !== undefined)
        .toSorted(compare)
        .at(-1);
      return {
        ...shared,
        Contents: shared.Contents.map((object) => ({ ...object, Owner: { ID: account } })),
        Marker: encode(Marker),
        NextMarker: next && Delimiter && last !== undefined ? encode(last) : undefined,
      };
    },
  };
}

/** A marker that is a common prefix skips all keys below it. */
export function afterMarker(marker: string, delimiter: string | undefined): string {
  if (marker === "") return "";
  return delimiter && marker.endsWith(delimiter) ? (successor(marker) ?? keyAfter(marker)) : keyAfter(marker);
}

export function pageSize(requested: number | undefined): number {
  if (requested !== undefined && requested < 0)
    throw invalidArgument(
      "Argument maxKeys must be an integer between 0 and 2147483647",
      "maxKeys",
      requested,
    );
  return Math.min(requested ?? LIMITS.page, LIMITS.page);
}

/** `encoding-type=url` is for keys that XML cannot contain. */
export function keyEncoder(encodingType: string | undefined): (key: string) => string {
  return encodingType === "url" ? (key) => encodeURIComponent(key).replaceAll("%2F", "/") : (key) => key;
}

function describe(row: ObjectRow, encode: (key: string) => string) {
  const { checksum, storageClass } = detailOf(row);
  return {
    Key: encode(row.key),
    LastModified: new Date(row.modified),
    ETag: quote(row.etag),
    Size: row.size,
    StorageClass: storageClass,
    ...(checksum ? { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type } : {}),
  };
}

const writeToken = (next: string) => Buffer.from(`1${next}`).toString("base64url");

function readToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (!text.startsWith("1"))
    throw invalidArgument("The continuation token provided is incorrect", "continuation-token", token);
  return text.slice(1);
}
