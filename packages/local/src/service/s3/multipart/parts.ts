// The parts of a multipart upload, uploaded or copied.
import type { Call, Operation } from "../../../kernel/service.ts";
import { memberOf } from "../body/checksum.ts";
import { receiveBody, type ReceivedBody } from "../body/receive.ts";
import { getBucket } from "../bucket/buckets.ts";
import { bodyFiles, quote, type S3 } from "../context.ts";
import { invalidArgument, invalidRequest } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { sourceRow } from "../object/copy.ts";
import { copySpan } from "../object/range.ts";
import { requireUpload, partsOf, uploadDetail } from "./uploads.ts";

export function partOperations(s3: S3): Record<string, Operation> {
  const { store, clock, cloud } = s3.kernel;

  const receivePart = async (input: Record<string, any>, call: Call): Promise<ReceivedBody> => {
    const { algorithm, named } = uploadDetail(requireUpload(s3, input));
    const received = await receiveBody(s3, input, call, {
      maxBytes: LIMITS.maxPartBytes,
      algorithm,
      overrideAlgorithm: !named,
    });
    try {
      if (received.checksum.algorithm !== algorithm)
        throw invalidRequest(
          `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, ` +
            `actual checksum Type: ${received.checksum.algorithm.toLowerCase()}`,
        );
      storePart(input, received);
    } catch (error) {
      s3.bodies.remove([received.body]);
      throw error;
    }
    return received;
  };

  /** A repeated part number replaces the earlier part. */
  const storePart = (input: Record<string, any>, { body, etag, checksum }: ReceivedBody) =>
    store.tx(() => {
      const { id } = requireUpload(s3, input);
      const replaced = store.get<{ pieces: string }>`select pieces from s3_part
        where upload = ${id} and number = ${input.PartNumber}`;
      store.run`insert or replace into s3_part
        values (${id}, ${input.PartNumber}, ${body.size}, ${etag}, ${clock.now()}, ${JSON.stringify([body])},
        ${checksum.value})`;
      if (replaced) store.afterCommit(() => s3.bodies.remove(bodyFiles(replaced)));
    });

  return {
    async UploadPart(input, call) {
      getBucket(s3, input.Bucket);
      checkNumber(input.PartNumber);
      const { etag, checksum } = await receivePart(input, call);
      return {
        ETag: quote(etag),
        ServerSideEncryption: "AES256",
        [memberOf(checksum.algorithm)]: checksum.value,
      };
    },
    async UploadPartCopy(input, call) {
      getBucket(s3, input.Bucket);
      checkNumber(input.PartNumber);
      requireUpload(s3, input);
      const source = sourceRow(s3, input);
      const { start, end } = input.CopySourceRange
        ? copySpan(input.CopySourceRange, source.size)
        : { start: 0, end: source.size };
      const { Bucket, Key, UploadId, PartNumber } = input;
      const Body = s3.bodies.read(bodyFiles(source), start, end);
      const { etag, checksum } = await receivePart(
        { Bucket, Key, UploadId, PartNumber, Body },
        { ...call, headers: {} },
      ).finally(() => Body.destroy());
      return {
        ...(source.version === "null" ? {} : { CopySourceVersionId: source.version }),
        CopyPartResult: {
          ETag: quote(etag),
          LastModified: new Date(clock.now()),
          [memberOf(checksum.algorithm)]: checksum.value,
        },
      };
    },
    ListParts(input) {
      getBucket(s3, input.Bucket);
      const upload = requireUpload(s3, input);
      const { algorithm, type, object } = uploadDetail(upload);
      const marker = Number(input.PartNumberMarker ?? 0);
      const limit = Math.min(input.MaxParts ?? LIMITS.page, LIMITS.page);
      const later = partsOf(s3, upload.id).filter(({ number }) => number > marker);
      const page = later.slice(0, limit);
      return {
        Bucket: input.Bucket,
        Key: input.Key,
        UploadId: upload.id,
        PartNumberMarker: String(marker),
        NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
        MaxParts: limit,
        IsTruncated: later.length > page.length,
        StorageClass: object.storageClass,
        Owner: { ID: cloud.account },
        Initiator: { ID: cloud.account },
        ChecksumAlgorithm: algorithm,
        ChecksumType: type,
        Parts: page.map((part) => ({
          PartNumber: part.number,
          Size: part.size,
          ETag: quote(part.etag),
          LastModified: new Date(part.modified),
          [memberOf(algorithm)]: part.checksum,
        })),
      };
    },
  };
}

function checkNumber(number: unknown) {
  if (!Number.isInteger(number) || (number as number) < 1 || (number as number) > LIMITS.parts)
    throw invalidArgument(
      `Part number must be an integer between 1 and ${LIMITS.parts}, inclusive`,
      "partNumber",
      number,
    );
}
