// The parts of a multipart upload, sent or copied.
import type { Call, Operation } from "../../../kernel/service.ts";
import { memberOf } from "../body/checksum.ts";
import { receive, type Received } from "../body/receive.ts";
import { getBucket } from "../bucket/buckets.ts";
import { piecesOf, quote, type S3 } from "../context.ts";
import { invalidArgument, invalidRequest } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { sourceRow } from "../object/copy.ts";
import { copySpan } from "../object/range.ts";
import { needUpload, partsOf, uploadDetail } from "./uploads.ts";

export function partOperations(s3: S3): Record<string, Operation> {
  const { store, clock, place } = s3.kernel;

  const take = async (input: Record<string, any>, call: Call): Promise<Received> => {
    const { algorithm, named } = uploadDetail(needUpload(s3, input));
    const received = await receive(s3, input, call, {
      maxBytes: LIMITS.maxPartBytes,
      algorithm,
      insist: !named,
    });
    try {
      if (received.checksum.algorithm !== algorithm)
        throw invalidRequest(
          `Checksum Type mismatch occurred, expected checksum Type: ${algorithm.toLowerCase()}, ` +
            `actual checksum Type: ${received.checksum.algorithm.toLowerCase()}`,
        );
      keep(input, received);
    } catch (error) {
      s3.bodies.remove([received.piece]);
      throw error;
    }
    return received;
  };

  /** A part sent again replaces the one before it. */
  const keep = (input: Record<string, any>, { piece, etag, checksum }: Received) =>
    store.tx(() => {
      const { id } = needUpload(s3, input);
      const replaced = store.get<{ pieces: string }>(
        "select pieces from s3_part where upload = ? and number = ?",
        id,
        input.PartNumber,
      );
      store.run(
        "insert or replace into s3_part values (?, ?, ?, ?, ?, ?, ?)",
        id,
        input.PartNumber,
        piece.size,
        etag,
        clock.now(),
        JSON.stringify([piece]),
        checksum.value,
      );
      if (replaced) store.afterCommit(() => s3.bodies.remove(piecesOf(replaced)));
    });

  return {
    async UploadPart(input, call) {
      getBucket(s3, input.Bucket);
      checkNumber(input.PartNumber);
      const { etag, checksum } = await take(input, call);
      return {
        ETag: quote(etag),
        ServerSideEncryption: "AES256",
        [memberOf(checksum.algorithm)]: checksum.value,
      };
    },
    async UploadPartCopy(input, call) {
      getBucket(s3, input.Bucket);
      checkNumber(input.PartNumber);
      needUpload(s3, input);
      const source = sourceRow(s3, input);
      const { start, end } = input.CopySourceRange
        ? copySpan(input.CopySourceRange, source.size)
        : { start: 0, end: source.size };
      const { Bucket, Key, UploadId, PartNumber } = input;
      const Body = s3.bodies.read(piecesOf(source), start, end);
      const { etag, checksum } = await take(
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
      const upload = needUpload(s3, input);
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
        Owner: { ID: place.account },
        Initiator: { ID: place.account },
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
