// The operations that create, list and abort multipart uploads.
import { createHash } from "node:crypto";
import type { Operation } from "../../../kernel/service.ts";
import { readAlgorithm, type Algorithm, type Checksum } from "../body/checksum.ts";
import { getBucket } from "../bucket/buckets.ts";
import type { Detail, S3 } from "../context.ts";
import { invalidRequest, noSuchUpload } from "../errors.ts";
import { keyEncoder, pageSize } from "../object/list.ts";
import { checkKey, readDetail } from "../object/headers.ts";
import { nextSequence } from "../object/rows.ts";
import { keyAfter, successor, walkKeys } from "../object/walk.ts";

export interface UploadRow {
  id: string;
  bucket: string;
  key: string;
  initiated: number;
  /** JSON of UploadDetail. */
  detail: string;
}

export interface UploadDetail {
  object: Detail;
  algorithm: Algorithm;
  type: Checksum["type"];
  /** Whether the request chose the algorithm; if not, parts may have checksums of any. */
  named: boolean;
}

export interface PartRow {
  upload: string;
  number: number;
  size: number;
  etag: string;
  modified: number;
  pieces: string;
  /** Base64, by the upload's algorithm. */
  checksum: string;
}

export function requireUpload({ kernel }: S3, { Bucket, Key, UploadId }: Record<string, any>): UploadRow {
  const row = kernel.store.get<UploadRow>`select * from s3_upload where id = ${UploadId ?? ""}`;
  if (!row || row.bucket !== Bucket || row.key !== Key) throw noSuchUpload(UploadId);
  return row;
}

export const uploadDetail = (row: UploadRow) => JSON.parse(row.detail) as UploadDetail;

export function partsOf({ kernel }: S3, upload: string): PartRow[] {
  return kernel.store.all`select * from s3_part where upload = ${upload} order by number`;
}

/** Deletes an upload, and the files of `parts`. */
export function deleteUpload(s3: S3, id: string, parts: PartRow[]) {
  const { store } = s3.kernel;
  store.run`delete from s3_upload where id = ${id}`;
  store.afterCommit(() => parts.forEach((part) => s3.bodies.remove(JSON.parse(part.pieces))));
}

export function uploadOperations(s3: S3): Record<string, Operation> {
  const { store, clock, cloud } = s3.kernel;
  return {
    CreateMultipartUpload(input) {
      const { Bucket, Key } = input;
      getBucket(s3, Bucket);
      checkKey(Key);
      const { algorithm, type } = readChecksumPlan(input);
      const detail: UploadDetail = {
        object: readDetail(input),
        algorithm,
        type,
        named: input.ChecksumAlgorithm !== undefined,
      };
      return store.tx(() => {
        const id = createHash("sha512")
          .update(`${Bucket}/${Key}/${nextSequence(s3)}`)
          .digest("base64url");
        store.run`insert into s3_upload
          values (${id}, ${Bucket}, ${Key}, ${clock.now()}, ${JSON.stringify(detail)})`;
        // The default algorithm is not returned: clients would then send it with every part.
        const chosen = detail.named ? { ChecksumAlgorithm: algorithm, ChecksumType: type } : {};
        return { Bucket, Key, UploadId: id, ServerSideEncryption: "AES256", ...chosen };
      });
    },
    AbortMultipartUpload(input) {
      store.tx(() => {
        getBucket(s3, input.Bucket);
        const { id } = requireUpload(s3, input);
        deleteUpload(s3, id, partsOf(s3, id));
      });
      return {};
    },
    ListMultipartUploads(input) {
      const {
        Bucket,
        Prefix: prefix = "",
        Delimiter: delimiter = "",
        KeyMarker = "",
        UploadIdMarker,
      } = input;
      getBucket(s3, Bucket);
      const limit = pageSize(input.MaxUploads);
      const encode = keyEncoder(input.EncodingType);
      const fetch = (start: string, below: string | undefined, count: number) =>
        store.all<UploadRow>(
          `select * from s3_upload where bucket = ? and key >= ? ${below === undefined ? "" : "and key < ?"}
           and (key > ? or id > ?) order by key, id limit ?`,
          Bucket,
          start,
          ...(below === undefined ? [] : [below]),
          KeyMarker,
          UploadIdMarker ?? "",
          count,
        );
      const skipped = delimiter && KeyMarker.endsWith(delimiter) ? successor(KeyMarker) : keyAfter(KeyMarker);
      const from = KeyMarker === "" ? "" : UploadIdMarker ? KeyMarker : (skipped ?? keyAfter(KeyMarker));
      const { rows, prefixes, next } = walkKeys({ prefix, delimiter, from, limit, fetch });
      return {
        Bucket,
        Prefix: encode(prefix),
        Delimiter: delimiter === "" ? undefined : encode(delimiter),
        KeyMarker: encode(KeyMarker),
        UploadIdMarker,
        MaxUploads: limit,
        EncodingType: input.EncodingType,
        IsTruncated: next !== undefined,
        NextKeyMarker: next && encode(rows.at(-1)?.key ?? prefixes.at(-1) ?? ""),
        NextUploadIdMarker: next && rows.at(-1)?.id,
        CommonPrefixes: prefixes.map((common) => ({ Prefix: encode(common) })),
        Uploads: rows.map((row) => ({
          Key: encode(row.key),
          UploadId: row.id,
          Initiated: new Date(row.initiated),
          StorageClass: uploadDetail(row).object.storageClass,
          Owner: { ID: cloud.account },
        })),
      };
    },
  };
}

function readChecksumPlan(input: Record<string, any>): Pick<UploadDetail, "algorithm" | "type"> {
  const algorithm = input.ChecksumAlgorithm ? readAlgorithm(input.ChecksumAlgorithm) : "CRC64NVME";
  const usual = algorithm === "CRC64NVME" ? "FULL_OBJECT" : "COMPOSITE";
  const type: Checksum["type"] = input.ChecksumType ?? usual;
  if (
    (type === "COMPOSITE" && algorithm === "CRC64NVME") ||
    (type === "FULL_OBJECT" && algorithm.startsWith("SHA"))
  )
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return { algorithm, type };
}
