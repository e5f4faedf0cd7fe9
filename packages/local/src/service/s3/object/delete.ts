// DeleteObject and DeleteObjects.
import { AwsError } from "../../../kernel/error.ts";
import type { Operation } from "../../../kernel/service.ts";
import { getBucket } from "../bucket/buckets.ts";
import type { S3 } from "../context.ts";
import { malformed } from "../errors.ts";
import { LIMITS } from "../limits.ts";
import { checkWrite } from "./conditions.ts";
import { checkKey } from "./headers.ts";
import { causeOf } from "./notify.ts";
import { currentRow, deleteRow, versionRow } from "./rows.ts";

export function deleteOperations(s3: S3): Record<string, Operation> {
  return {
    DeleteObject(input, call) {
      const { Bucket, Key, VersionId, IfMatch } = input;
      const { version, marker } = s3.kernel.store.tx(() => {
        const bucket = getBucket(s3, Bucket);
        if (IfMatch !== undefined) checkWrite({ IfMatch }, Key, currentRow(s3, Bucket, Key));
        return deleteRow(s3, bucket, Key, VersionId, causeOf(s3, "DeleteObject", call));
      });
      return {
        ...(version === undefined || version === "null" ? {} : { VersionId: version }),
        ...(marker ? { DeleteMarker: true } : {}),
      };
    },
    DeleteObjects({ Bucket, Delete }, call) {
      const objects: Array<{ Key: string; VersionId?: string; ETag?: string }> = Delete?.Objects ?? [];
      if (objects.length === 0 || objects.length > LIMITS.deleteObjects)
        throw malformed(`between 1 and ${LIMITS.deleteObjects} objects are needed`);
      const bucket = getBucket(s3, Bucket);
      const Deleted: unknown[] = [];
      const Errors: unknown[] = [];
      for (const { Key, VersionId, ETag } of objects) {
        try {
          checkKey(Key);
          // With a version the condition applies to it, else to the current object.
          const row = VersionId ? versionRow(s3, Bucket, Key, VersionId) : currentRow(s3, Bucket, Key);
          if (ETag !== undefined) checkWrite({ IfMatch: ETag }, Key, row);
          const { version, marker } = deleteRow(
            s3,
            bucket,
            Key,
            VersionId,
            causeOf(s3, "DeleteObject", call),
          );
          if (Delete.Quiet) continue;
          const created = marker ? { DeleteMarker: true, DeleteMarkerVersionId: version } : {};
          Deleted.push({ Key, ...(VersionId === undefined ? {} : { VersionId }), ...created });
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Errors.push({ Key, VersionId, Code: error.code, Message: error.message });
        }
      }
      return { Deleted, Errors };
    },
  };
}
