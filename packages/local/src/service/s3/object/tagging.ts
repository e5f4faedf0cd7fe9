// The tags of objects.
import type { Operation } from "../../../kernel/service.ts";
import { getBucket } from "../bucket/buckets.ts";
import { detailOf, type S3 } from "../context.ts";
import { isDeleteMarker } from "../errors.ts";
import { checkTags } from "./headers.ts";
import { requireRow, setDetail } from "./rows.ts";

export function taggingOperations(s3: S3): Record<string, Operation> {
  const find = ({ Bucket, Key, VersionId }: Record<string, string>) => {
    getBucket(s3, Bucket!);
    const row = requireRow(s3, Bucket!, Key!, VersionId);
    if (row.marker) throw isDeleteMarker(Key!);
    return row;
  };
  const replace = (input: any, tags: Record<string, string>) =>
    s3.kernel.store.tx(() => {
      const row = find(input);
      setDetail(s3, row, { ...detailOf(row), tags });
      return row.version === "null" ? {} : { VersionId: row.version };
    });
  return {
    GetObjectTagging(input) {
      const row = find(input);
      const TagSet = Object.entries(detailOf(row).tags).map(([Key, Value]) => ({ Key, Value }));
      return { TagSet, ...(row.version === "null" ? {} : { VersionId: row.version }) };
    },
    PutObjectTagging(input) {
      const pairs = (input.Tagging?.TagSet ?? []).map(({ Key, Value }: any) => [Key ?? "", Value ?? ""]);
      return replace(input, checkTags(pairs));
    },
    DeleteObjectTagging: (input) => replace(input, {}),
  };
}
