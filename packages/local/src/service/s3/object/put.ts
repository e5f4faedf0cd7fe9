// PutObject, and what a POST form comes down to.
import type { Call } from "../../../kernel/service.ts";
import { checksumOutput, type Checksum } from "../body/checksum.ts";
import { receive } from "../body/receive.ts";
import { getBucket } from "../bucket/buckets.ts";
import { quote, type ObjectRow, type S3 } from "../context.ts";
import { LIMITS } from "../limits.ts";
import { checkWrite } from "./conditions.ts";
import { checkKey, readDetail } from "./headers.ts";
import { causeOf } from "./notify.ts";
import { currentRow, putRow } from "./rows.ts";

export interface PutOptions {
  reason: string;
  maxBytes?: number;
  check?(size: number): void;
}

export async function putObject(
  s3: S3,
  input: Record<string, any>,
  call: Call,
  { reason, maxBytes = LIMITS.putBytes, check }: PutOptions = { reason: "PutObject" },
) {
  const { Bucket: name, Key: key } = input;
  const before = currentRow(s3, getBucket(s3, name).name, key);
  checkKey(key);
  checkWrite(input, key, before);
  const detail = readDetail(input);
  const { piece, etag, checksum } = await receive(s3, input, call, {
    maxBytes,
    algorithm: "CRC64NVME",
    check,
  });
  detail.checksum = { ...checksum, type: "FULL_OBJECT" } satisfies Checksum;
  try {
    const row = s3.kernel.store.tx(() => {
      // Looked up again: much may have happened while the body came in.
      const bucket = getBucket(s3, name);
      checkWrite(input, key, currentRow(s3, name, key), before);
      const object = { key, size: piece.size, etag, pieces: [piece], detail };
      return putRow(s3, bucket, object, causeOf(s3, reason, call));
    });
    return { ...writtenOutput(row), ...checksumOutput(detail.checksum) };
  } catch (error) {
    s3.bodies.remove([piece]);
    throw error;
  }
}

export function writtenOutput({ etag, version }: ObjectRow) {
  return {
    ETag: quote(etag),
    ServerSideEncryption: "AES256",
    ...(version === "null" ? {} : { VersionId: version }),
  };
}
