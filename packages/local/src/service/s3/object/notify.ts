// EventBridge events of S3, published in the transaction that changes the object.
import type { Call } from "../../../kernel/service.ts";
import type { ObjectRow, S3 } from "../context.ts";
import type { Bucket } from "../bucket/buckets.ts";

/** The operation and the requester, for the event. */
export interface Cause {
  reason: string;
  requestId: string;
  requester: string;
}

export function causeOf({ kernel }: S3, reason: string, { principal, requestId }: Call): Cause {
  return {
    reason,
    requestId,
    requester: principal.kind === "service" ? principal.name : kernel.cloud.account,
  };
}

export function notifyCreated(s3: S3, bucket: Bucket, row: ObjectRow, cause: Cause) {
  notify(s3, bucket, "Object Created", row, cause, { size: row.size, etag: row.etag });
}

export function notifyDeleted(
  s3: S3,
  bucket: Bucket,
  row: ObjectRow,
  cause: Cause,
  deletionType: "Permanently Deleted" | "Delete Marker Created",
) {
  const about = deletionType === "Delete Marker Created" ? { etag: row.etag } : {};
  notify(s3, bucket, "Object Deleted", row, cause, about, { "deletion-type": deletionType });
}

function notify(
  { kernel }: S3,
  bucket: Bucket,
  detailType: string,
  { key, version, seq }: ObjectRow,
  { reason, requestId, requester }: Cause,
  about: Record<string, unknown>,
  extra: Record<string, string> = {},
) {
  if (!bucket.config.eventBridge) return;
  kernel.publish({
    source: "aws.s3",
    detailType,
    resources: [`arn:${kernel.cloud.partition}:s3:::${bucket.name}`],
    detail: {
      version: "0",
      bucket: { name: bucket.name },
      object: {
        // Not percent-encoded, unlike in S3's older notifications.
        key,
        ...about,
        ...(version === "null" ? {} : { "version-id": version }),
        sequencer: seq.toString(16).toUpperCase().padStart(18, "0"),
      },
      "request-id": requestId,
      requester,
      "source-ip-address": "127.0.0.1",
      reason,
      ...extra,
    },
  });
}
