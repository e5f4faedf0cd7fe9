// Object versions. Every change of a key's versions is made here, in one transaction with its event.
import { createHash } from "node:crypto";
import type { BodyFile } from "../body/files.ts";
import { bodyFiles, type Detail, type ObjectRow, type S3 } from "../context.ts";
import { noSuchKey, noSuchVersion } from "../errors.ts";
import type { Bucket } from "../bucket/buckets.ts";
import { notifyCreated, notifyDeleted, type Cause } from "./notify.ts";

export interface NewObject {
  key: string;
  size: number;
  etag: string;
  files: BodyFile[];
  detail: Detail;
}

/** The latest version of a key, which may be a delete marker. */
function latestRow({ kernel }: S3, bucket: string, key: string): ObjectRow | undefined {
  return kernel.store.get`select * from s3_object where bucket = ${bucket} and key = ${key} and latest = 1`;
}

/** The current object of a key; undefined when the key has no object or was deleted. */
export function currentRow(s3: S3, bucket: string, key: string): ObjectRow | undefined {
  const row = latestRow(s3, bucket, key);
  return row?.marker ? undefined : row;
}

export function versionRow(
  { kernel }: S3,
  bucket: string,
  key: string,
  version: string,
): ObjectRow | undefined {
  return kernel.store.get`select * from s3_object
    where bucket = ${bucket} and key = ${key} and version = ${version}`;
}

/** The requested version or the current object, or S3's error. A requested version may be a delete marker. */
export function requireRow(s3: S3, bucket: string, key: string, version: string | undefined): ObjectRow {
  if (version === undefined) {
    const row = currentRow(s3, bucket, key);
    if (!row) throw noSuchKey(key);
    return row;
  }
  const row = versionRow(s3, bucket, key, version);
  if (!row) throw noSuchVersion(key, version);
  return row;
}

export function putRow(s3: S3, bucket: Bucket, object: NewObject, cause: Cause): ObjectRow {
  return s3.kernel.store.tx(() => {
    const row = addVersion(s3, bucket, { ...object, marker: 0 });
    notifyCreated(s3, bucket, row, cause);
    return row;
  });
}

export interface DeletedVersion {
  version?: string;
  /** Whether a delete marker was created or deleted. */
  marker: boolean;
}

export function deleteRow(
  s3: S3,
  bucket: Bucket,
  key: string,
  version: string | undefined,
  cause: Cause,
): DeletedVersion {
  return s3.kernel.store.tx(() => {
    const versioned = bucket.config.versioning !== undefined;
    if (version !== undefined || !versioned) {
      const row = versionRow(s3, bucket.name, key, version ?? "null");
      if (row) {
        removeVersion(s3, row);
        notifyDeleted(s3, bucket, { ...row, seq: nextSequence(s3) }, cause, "Permanently Deleted");
      }
      return { version, marker: row?.marker === 1 };
    }
    const detail: Detail = { headers: {}, metadata: {}, tags: {}, storageClass: "STANDARD" };
    // Delete markers have the ETag of an empty body.
    const etag = createHash("md5").digest("hex");
    const row = addVersion(s3, bucket, { key, size: 0, etag, files: [], detail, marker: 1 });
    notifyDeleted(s3, bucket, row, cause, "Delete Marker Created");
    return { version: row.version, marker: true };
  });
}

/** Deletes one version. The previous one becomes the latest. */
export function removeVersion(s3: S3, row: ObjectRow) {
  const { store } = s3.kernel;
  const { bucket, key, seq } = row;
  store.run`delete from s3_object where bucket = ${bucket} and key = ${key} and seq = ${seq}`;
  if (row.latest)
    store.run`update s3_object set latest = 1
      where bucket = ${bucket} and key = ${key}
      and seq = (select max(seq) from s3_object where bucket = ${bucket} and key = ${key})`;
  store.afterCommit(() => s3.bodies.remove(bodyFiles(row)));
}

export function setDetail({ kernel }: S3, { bucket, key, seq }: ObjectRow, detail: Detail) {
  kernel.store.run`update s3_object set detail = ${JSON.stringify(detail)}
    where bucket = ${bucket} and key = ${key} and seq = ${seq}`;
}

function addVersion(s3: S3, bucket: Bucket, object: NewObject & { marker: 0 | 1 }): ObjectRow {
  const { store, clock } = s3.kernel;
  const seq = nextSequence(s3);
  const version = bucket.config.versioning === "Enabled" ? versionId(bucket.name, seq) : "null";
  if (version === "null") {
    const replaced = versionRow(s3, bucket.name, object.key, "null");
    if (replaced) removeVersion(s3, replaced);
  }
  store.run`update s3_object set latest = 0
    where bucket = ${bucket.name} and key = ${object.key} and latest = 1`;
  const row: ObjectRow = {
    bucket: bucket.name,
    key: object.key,
    seq,
    version,
    latest: 1,
    marker: object.marker,
    size: object.size,
    etag: object.etag,
    modified: clock.now(),
    pieces: JSON.stringify(object.files),
    detail: JSON.stringify(object.detail),
  };
  store.run("insert into s3_object values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", ...Object.values(row));
  return row;
}

export function nextSequence({ kernel }: S3): number {
  return kernel.store.get<{ value: number }>("update s3_sequence set value = value + 1 returning value")!
    .value;
}

/** An opaque id of 32 characters, as in S3. */
const versionId = (bucket: string, seq: number) =>
  createHash("sha256").update(`${bucket}/${seq}`).digest("base64url").replaceAll("-", ".").slice(0, 32);
