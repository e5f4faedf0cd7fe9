// Lifecycle rules: expiry of current and noncurrent versions, of delete markers without versions, and of incomplete
// uploads.
import { detailOf, type ObjectRow, type S3 } from "../context.ts";
import { deleteUpload, partsOf, type UploadRow } from "../multipart/uploads.ts";
import { notifyDeleted, type Cause } from "../object/notify.ts";
import { deleteRow, nextSequence, removeVersion } from "../object/rows.ts";
import { listBuckets, type Bucket } from "./buckets.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
// Rows per transaction, so that large buckets do not block other requests.
const BATCH = 500;

const CAUSE: Cause = {
  reason: "Lifecycle Expiration",
  requestId: "lifecycle",
  requester: "s3.amazonaws.com",
};

/** Runs every hour of the cloud's time; S3 runs once a day. */
export function startLifecycle(s3: S3): () => void {
  const { clock } = s3.kernel;
  let cancel = () => {};
  const scheduleNext = () => {
    cancel = clock.after(HOUR, () => {
      enforceLifecycle(s3);
      scheduleNext();
    });
  };
  scheduleNext();
  return () => cancel();
}

export function enforceLifecycle(s3: S3) {
  const now = s3.kernel.clock.now();
  for (const bucket of listBuckets(s3))
    for (const rule of bucket.config.lifecycle ?? [])
      if (rule.Status === "Enabled") enforce(s3, bucket, rule, now);
}

function enforce(s3: S3, bucket: Bucket, rule: any, now: number) {
  const { store } = s3.kernel;
  const matches = filterOf(rule);
  const { Days, Date: date, ExpiredObjectDeleteMarker } = rule.Expiration ?? {};
  if (Days || date)
    forEachRow(s3, bucket, "latest = 1 and marker = 0", (row) => {
      const due = date ? new Date(date).getTime() <= now : isDue(row.modified, Days, now);
      if (due && matches(row)) deleteRow(s3, bucket, row.key, undefined, CAUSE);
    });

  const { NoncurrentDays, NewerNoncurrentVersions: kept = 0 } = rule.NoncurrentVersionExpiration ?? {};
  if (NoncurrentDays)
    forEachRow(s3, bucket, "latest = 0", (row) => {
      const newer = store.all<{ modified: number }>`select modified from s3_object
        where bucket = ${bucket.name} and key = ${row.key} and seq > ${row.seq} order by seq`;
      // A version is noncurrent since the next version was written. NewerNoncurrentVersions excludes the current one.
      const since = newer[0]?.modified ?? row.modified;
      if (newer.length - 1 >= kept && isDue(since, NoncurrentDays, now) && matches(row))
        deleteVersion(s3, bucket, row);
    });

  if (ExpiredObjectDeleteMarker || Days)
    forEachRow(s3, bucket, "latest = 1 and marker = 1", (row) => {
      const alone = !store.get`select 1 from s3_object
        where bucket = ${bucket.name} and key = ${row.key} and seq < ${row.seq} limit 1`;
      const due = ExpiredObjectDeleteMarker || isDue(row.modified, Days, now);
      if (alone && due && matches(row)) deleteVersion(s3, bucket, row);
    });

  const { DaysAfterInitiation } = rule.AbortIncompleteMultipartUpload ?? {};
  if (DaysAfterInitiation)
    for (const upload of store.all<UploadRow>`select * from s3_upload where bucket = ${bucket.name}`)
      if (isDue(upload.initiated, DaysAfterInitiation, now) && upload.key.startsWith(prefixOf(rule)))
        store.tx(() => deleteUpload(s3, upload.id, partsOf(s3, upload.id)));
}

/** Visits every row of the bucket that matches `where`. `visit` may delete it. */
function forEachRow(s3: S3, bucket: Bucket, where: string, visit: (row: ObjectRow) => void) {
  const { store } = s3.kernel;
  let last = { key: "", seq: 0 };
  let rows: ObjectRow[];
  do {
    rows = store.all<ObjectRow>(
      `select * from s3_object where bucket = ? and (key, seq) > (?, ?) and ${where} order by key, seq limit ${BATCH}`,
      bucket.name,
      last.key,
      last.seq,
    );
    store.tx(() => rows.forEach(visit));
    last = rows.at(-1) ?? last;
  } while (rows.length === BATCH);
}

function deleteVersion(s3: S3, bucket: Bucket, row: ObjectRow) {
  removeVersion(s3, row);
  notifyDeleted(s3, bucket, { ...row, seq: nextSequence(s3) }, CAUSE, "Permanently Deleted");
}

/** S3 counts whole days and rounds up to the next midnight, UTC. */
const isDue = (since: number, days: number, now: number) =>
  now >= Math.ceil((since + days * DAY) / DAY) * DAY;

const prefixOf = ({ Filter, Prefix }: any): string => Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? "";

function filterOf(rule: any): (row: ObjectRow) => boolean {
  const prefix = prefixOf(rule);
  const filter = { ...rule.Filter, ...rule.Filter?.And };
  const tags: Array<{ Key: string; Value: string }> = [
    ...(filter.Tags ?? []),
    ...(filter.Tag ? [filter.Tag] : []),
  ];
  return (row) =>
    row.key.startsWith(prefix) &&
    row.size > (filter.ObjectSizeGreaterThan ?? -1) &&
    row.size < (filter.ObjectSizeLessThan ?? Infinity) &&
    tags.every(({ Key, Value }) => detailOf(row).tags[Key] === Value);
}
