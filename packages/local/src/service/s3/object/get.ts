// GetObject, HeadObject and GetObjectAttributes.
import { AwsError, notImplemented } from "../../../kernel/error.ts";
import type { Call, Operation } from "../../../kernel/service.ts";
import { checksumOutput } from "../body/checksum.ts";
import { getBucket } from "../bucket/buckets.ts";
import { detailOf, bodyFiles, quote, type ObjectRow, type S3 } from "../context.ts";
import { invalidRequest, isDeleteMarker } from "../errors.ts";
import { isUnchanged } from "./conditions.ts";
import { detailOutput } from "./headers.ts";
import { partSpan, readRange, type Span } from "./range.ts";
import { requireRow } from "./rows.ts";

const OVERRIDES = ["CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType"];

export function readOperations(s3: S3): Record<string, Operation> {
  /** `use` runs synchronously with the query, so that the body cannot be removed in between. */
  const withReadableRow = async <Result>(
    { Bucket, Key, VersionId }: Record<string, string>,
    { principal }: Call,
    use: (row: ObjectRow) => Result,
  ): Promise<Result> => {
    try {
      getBucket(s3, Bucket!);
      const row = requireRow(s3, Bucket!, Key!, VersionId);
      if (row.marker) throw isDeleteMarker(Key!);
      return use(row);
    } catch (error) {
      // Without permission to list the bucket, a missing key is AccessDenied.
      const missing = error instanceof AwsError && ["NoSuchKey", "NoSuchVersion"].includes(error.code);
      if (missing && principal.kind === "role")
        await s3.kernel.call("s3", "HeadBucket", { Bucket }, principal);
      throw error;
    }
  };
  return {
    GetObject: (input, call) =>
      withReadableRow(input, call, (row) => {
        const { head, span } = describe(input, row);
        if (head.$metadata.httpStatusCode === 304) return head;
        return { ...head, Body: s3.bodies.read(bodyFiles(row), span.start, span.end) };
      }),
    HeadObject: (input, call) => withReadableRow(input, call, (row) => describe(input, row).head),
    GetObjectAttributes: (input, call) =>
      withReadableRow(input, call, (row) => {
        const { checksum, storageClass, partSizes } = detailOf(row);
        const all = {
          ETag: row.etag,
          Checksum: checksumOutput(checksum),
          ObjectParts: partSizes && { TotalPartsCount: partSizes.length },
          StorageClass: storageClass,
          ObjectSize: row.size,
        };
        const requested = Object.entries(all).filter(([name]) => input.ObjectAttributes?.includes(name));
        return {
          LastModified: new Date(row.modified),
          ...versionOutput(row),
          ...Object.fromEntries(requested),
        };
      }),
  };
}

function describe(input: Record<string, any>, row: ObjectRow): { head: Record<string, any>; span: Span } {
  if (input.SSECustomerAlgorithm) throw notImplemented("encryption with customer-provided keys (SSE-C)");
  const detail = detailOf(row);
  const whole = { start: 0, end: row.size };
  const common = {
    ETag: quote(row.etag),
    LastModified: new Date(row.modified),
    ...versionOutput(row),
    ...detailOutput(detail),
    ...(input.PartNumber === undefined ? { PartsCount: undefined } : {}),
    ...overrides(input),
  };
  if (isUnchanged(input, row))
    return { head: { ...common, $metadata: { httpStatusCode: 304 } }, span: whole };

  if (input.Range !== undefined && input.PartNumber !== undefined)
    throw invalidRequest("Cannot specify both Range header and partNumber query parameter");
  const part =
    input.PartNumber === undefined ? undefined : partSpan(input.PartNumber, row.size, detail.partSizes);
  const span = part ?? readRange(input.Range, row.size);
  const { start, end } = span ?? whole;
  const head = {
    ...common,
    ContentLength: end - start,
    ...(span && row.size > 0 ? { ContentRange: `bytes ${start}-${end - 1}/${row.size}` } : {}),
    // The checksum is that of the whole object: clients would compare it with the bytes of the range.
    ...(input.ChecksumMode === "ENABLED" && !span ? checksumOutput(detail.checksum) : {}),
    $metadata: { httpStatusCode: span && row.size > 0 ? 206 : 200 },
  };
  return { head, span: { start, end } };
}

const versionOutput = ({ version }: ObjectRow) => (version === "null" ? {} : { VersionId: version });

function overrides(input: Record<string, any>) {
  const named = OVERRIDES.filter((name) => input[`Response${name}`] !== undefined).map((name) => [
    name,
    input[`Response${name}`],
  ]);
  const expires = input.ResponseExpires;
  return { ...Object.fromEntries(named), ...(expires ? { Expires: new Date(expires) } : {}) };
}
