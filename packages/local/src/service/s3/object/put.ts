// PutObject; POST forms use it too.
import type { Call } from "../../../kernel/service.ts";
import { checksumOutput, type Checksum } from "../body/checksum.ts";
import { receiveBody } from "../body/receive.ts";
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
  const { body, etag, checksum } = await receiveBody(s3, input, call, {
    maxBytes,
    algorithm: "CRC64NVME",
    check,
  });
  detail.checksum = { ...checksum, type: "FULL_OBJECT" } satisfies Checksum;
  try {
    const row = s3.kernel.store.tx(() => {
      // Read again: the bucket and key may have changed while the body arrived.
      const bucket = getBucket(s3, name);
      checkWrite(input, key, currentRow(s3, name, key), before);
      const object = { key, size: body.size, etag, files: [body], detail };
      return putRow(s3, bucket, object, causeOf(s3, reason, call));
    });
    return { ...writtenOutput(row), ...checksumOutput(detail.checksum) };
  } catch (error) {
    s3.bodies.remove([body]);
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
