// CompleteMultipartUpload: the part files become the object's files, without copying.
import { AwsError } from "../../../kernel/error.ts";
import type { Call } from "../../../kernel/service.ts";
import { checksumOutput, memberOf } from "../body/checksum.ts";
import { combineChecksums, combineEtags } from "../body/combine.ts";
import type { BodyFile } from "../body/files.ts";
import { getBucket } from "../bucket/buckets.ts";
import { bodyFiles, type S3 } from "../context.ts";
import { badDigest, malformed, tooLarge } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { checkWrite } from "../object/conditions.ts";
import { causeOf } from "../object/notify.ts";
import { writtenOutput } from "../object/put.ts";
import { currentRow, putRow } from "../object/rows.ts";
import {
  deleteUpload,
  requireUpload,
  partsOf,
  uploadDetail,
  type PartRow,
  type UploadDetail,
} from "./uploads.ts";

interface NamedPart {
  PartNumber?: number;
  ETag?: string;
  [checksum: string]: unknown;
}

export async function completeUpload(s3: S3, input: Record<string, any>, call: Call) {
  const { Bucket: name, Key: key } = input;
  getBucket(s3, name);
  const upload = requireUpload(s3, input);
  const plan = uploadDetail(upload);
  const before = currentRow(s3, name, key);
  checkWrite(input, key, before);
  const parts = chooseParts(input.MultipartUpload?.Parts ?? [], partsOf(s3, upload.id), plan);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (size > LIMITS.objectBytes) throw tooLarge(size, LIMITS.objectBytes);
  if (input.MpuObjectSize !== undefined && Number(input.MpuObjectSize) !== size)
    throw new AwsError(
      "InvalidRequest",
      `The provided 'x-amz-mp-object-size' header does not match the object's size ${size}.`,
    );

  const checksum = await combineChecksums(
    plan.algorithm,
    plan.type,
    parts.map((part) => ({ size: part.size, value: part.checksum })),
  );
  const stated = input[memberOf(plan.algorithm)];
  if (stated !== undefined && stated !== checksum.value && `${stated}-${parts.length}` !== checksum.value)
    throw badDigest(plan.algorithm);

  const row = s3.kernel.store.tx(() => {
    const bucket = getBucket(s3, name);
    // Read again: the upload may be gone, and its parts may have been replaced.
    const now = partsOf(s3, requireUpload(s3, input).id);
    const files = new Set(now.map((part) => part.pieces));
    if (!parts.every((part) => files.has(part.pieces))) throw invalidPart();
    checkWrite(input, key, currentRow(s3, name, key), before);
    const unused = now.filter(({ number }) => !parts.some((part) => part.number === number));
    deleteUpload(s3, upload.id, unused);
    const object = {
      key,
      size,
      etag: combineEtags(parts.map((part) => part.etag)),
      files: parts.flatMap((part): BodyFile[] => bodyFiles(part)),
      detail: { ...plan.object, checksum, partSizes: parts.map((part) => part.size) },
    };
    return putRow(s3, bucket, object, causeOf(s3, "CompleteMultipartUpload", call));
  });
  const { endpoint } = s3.kernel.cloud;
  const location = `${endpoint}/${name}/${encodeURIComponent(key).replaceAll("%2F", "/")}`;
  return { ...writtenOutput(row), Bucket: name, Key: key, Location: location, ...checksumOutput(checksum) };
}

function chooseParts(named: NamedPart[], present: PartRow[], { algorithm }: UploadDetail): PartRow[] {
  if (named.length === 0) throw malformed("at least one part is needed");
  const byNumber = new Map(present.map((part) => [part.number, part]));
  const chosen = named.map((one, index) => {
    if (index > 0 && one.PartNumber! <= named[index - 1]!.PartNumber!)
      throw new AwsError(
        "InvalidPartOrder",
        "The list of parts was not in ascending order. Parts must be ordered by part number.",
      );
    const part = byNumber.get(one.PartNumber!);
    if (!part || part.etag !== one.ETag?.replaceAll('"', "")) throw invalidPart(one);
    const checksum = one[memberOf(algorithm)];
    if (checksum !== undefined && checksum !== part.checksum) throw invalidPart(one);
    return part;
  });
  for (const part of chosen.slice(0, -1))
    if (part.size < LIMITS.minPartBytes)
      throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
        fields: {
          ETag: part.etag,
          PartNumber: part.number,
          ProposedSize: part.size,
          MinSizeAllowed: LIMITS.minPartBytes,
        },
      });
  return chosen;
}

const invalidPart = (part: NamedPart = {}) =>
  new AwsError(
    "InvalidPart",
    "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
    { fields: { PartNumber: part.PartNumber, ETag: part.ETag } },
  );
