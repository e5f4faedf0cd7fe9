// CopyObject, and reading the source of any copy.
import { createHash } from "node:crypto";
import type { Call } from "../../../kernel/service.ts";
import { checksumOutput, readAlgorithm, startHash, type Checksum } from "../body/checksum.ts";
import type { BodyFile } from "../body/files.ts";
import { getBucket } from "../bucket/buckets.ts";
import { detailOf, bodyFiles, quote, type Detail, type ObjectRow, type S3 } from "../context.ts";
import { invalidArgument, invalidRequest, isDeleteMarker } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { checkSource, checkWrite } from "./conditions.ts";
import { checkKey, readDetail, readTagHeader } from "./headers.ts";
import { causeOf } from "./notify.ts";
import { writtenOutput } from "./put.ts";
import { currentRow, requireRow, putRow } from "./rows.ts";

export interface Source {
  bucket: string;
  key: string;
  version?: string;
}

/** "[/]bucket/key[?versionId=id]", percent-encoded; callers encode the first slash too, or not. */
export function readSource(text: string): Source {
  const [path = "", version] = text.split(/\?versionId=/);
  try {
    const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodeURIComponent(path)) ?? [];
    if (bucket && key) return { bucket, key, version };
  } catch {
    // Fails with the same error as other invalid sources.
  }
  throw invalidArgument(
    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    "x-amz-copy-source",
    text,
  );
}

export function sourceRow(s3: S3, input: Record<string, any>): ObjectRow {
  const { bucket, key, version } = readSource(input.CopySource);
  getBucket(s3, bucket);
  const row = requireRow(s3, bucket, key, version);
  if (row.marker) throw isDeleteMarker(key);
  checkSource(input, row);
  return row;
}

export async function copyObject(s3: S3, input: Record<string, any>, call: Call) {
  const { Bucket: name, Key: key } = input;
  getBucket(s3, name);
  checkKey(key);
  const source = sourceRow(s3, input);
  if (source.size > LIMITS.putBytes)
    throw invalidRequest(
      `The specified copy source is larger than the maximum allowable size for a copy source: ${LIMITS.putBytes}`,
    );
  const replaces = input.MetadataDirective === "REPLACE";
  const inPlace = source.bucket === name && source.key === key && source.latest === 1;
  if (inPlace && !replaces && !input.StorageClass && !input.ServerSideEncryption)
    throw invalidRequest(
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  const before = currentRow(s3, name, key);
  checkWrite(input, key, before);
  const old = detailOf(source);
  const detail: Detail = {
    ...(replaces ? readDetail(input) : old),
    storageClass: input.StorageClass ?? "STANDARD",
  };
  detail.tags = input.TaggingDirective === "REPLACE" ? readTagHeader(input.Tagging ?? "") : old.tags;

  // Prevents removal of the files while they are linked.
  const lock = s3.bodies.read(bodyFiles(source), 0, 0);
  let files: BodyFile[];
  try {
    files = await s3.bodies.share(bodyFiles(source));
  } finally {
    lock.destroy();
  }
  try {
    const { etag, checksum } = await copiedDigests(s3, input, source, files);
    detail.checksum = checksum;
    delete detail.partSizes;
    const row = s3.kernel.store.tx(() => {
      const bucket = getBucket(s3, name);
      checkWrite(input, key, currentRow(s3, name, key), before);
      const object = { key, size: source.size, etag, files, detail };
      return putRow(s3, bucket, object, causeOf(s3, "CopyObject", call));
    });
    return {
      ...writtenOutput(row),
      ...(source.version === "null" ? {} : { CopySourceVersionId: source.version }),
      CopyObjectResult: {
        ETag: quote(row.etag),
        LastModified: new Date(row.modified),
        ...checksumOutput(detail.checksum),
      },
    };
  } catch (error) {
    s3.bodies.remove(files);
    throw error;
  }
}

/** A copy has one part: multipart sources, and other checksums, require reading the bytes. */
async function copiedDigests(
  s3: S3,
  input: Record<string, any>,
  source: ObjectRow,
  files: BodyFile[],
): Promise<{ etag: string; checksum: Checksum }> {
  const { checksum, partSizes } = detailOf(source);
  const wanted = input.ChecksumAlgorithm && readAlgorithm(input.ChecksumAlgorithm);
  if (checksum && !partSizes && (!wanted || wanted === checksum.algorithm))
    return { etag: source.etag, checksum };
  const algorithm = wanted ?? checksum?.algorithm ?? "CRC64NVME";
  const md5 = createHash("md5");
  const hash = startHash(algorithm);
  for await (const bytes of s3.bodies.read(files, 0, source.size)) {
    md5.update(bytes);
    hash.update(bytes);
  }
  return {
    etag: md5.digest("hex"),
    checksum: { algorithm, value: await hash.digest(), type: "FULL_OBJECT" },
  };
}
