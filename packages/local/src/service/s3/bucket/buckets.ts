// Buckets and their configuration.
import { AwsError } from "../../../kernel/error.ts";
import type { S3 } from "../context.ts";
import { noSuchBucket } from "../errors.ts";

/** Settings in the SDK's shapes, from the graph or from API calls. */
export interface BucketConfig {
  versioning?: "Enabled" | "Suspended";
  /** Whether events go to EventBridge. */
  eventBridge?: boolean;
  cors?: any[];
  lifecycle?: any[];
  policy?: string;
  publicAccessBlock?: Record<string, boolean>;
  encryption?: Record<string, unknown>;
  tags?: Array<{ Key: string; Value: string }>;
}

export interface Bucket {
  name: string;
  created: number;
  config: BucketConfig;
}

interface BucketRow {
  name: string;
  created: number;
  config: string;
}

const fromRow = (row: BucketRow): Bucket => ({ ...row, config: JSON.parse(row.config) });

export function findBucket({ kernel }: S3, name: string): Bucket | undefined {
  const row = kernel.store.get<BucketRow>`select * from s3_bucket where name = ${name}`;
  return row && fromRow(row);
}

export function getBucket(s3: S3, name: string): Bucket {
  const bucket = findBucket(s3, name);
  if (!bucket) throw noSuchBucket(name);
  return bucket;
}

export function listBuckets({ kernel }: S3): Bucket[] {
  return kernel.store.all<BucketRow>("select * from s3_bucket order by name").map(fromRow);
}

/** Applies `changes`; undefined removes a setting. Creates the bucket when it does not exist. */
export function configure({ kernel }: S3, name: string, changes: BucketConfig) {
  kernel.store.tx(() => {
    const row = kernel.store.get<BucketRow>`select * from s3_bucket where name = ${name}`;
    const config = JSON.stringify({ ...(row && JSON.parse(row.config)), ...changes });
    kernel.store.run`insert into s3_bucket values (${name}, ${kernel.clock.now()}, ${config})
      on conflict (name) do update set config = excluded.config`;
  });
}

export function createBucket(s3: S3, name: string) {
  if (!/^(?!xn--|\d+\.\d+\.\d+\.\d+$)[a-z0-9](?!.*\.\.)[a-z0-9.-]{1,61}[a-z0-9]$/.test(name))
    throw new AwsError("InvalidBucketName", "The specified bucket is not valid.", {
      fields: { BucketName: name },
    });
  if (findBucket(s3, name))
    throw new AwsError(
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
      { status: 409, fields: { BucketName: name } },
    );
  configure(s3, name, {});
}

export function deleteBucket(s3: S3, name: string) {
  const { store } = s3.kernel;
  getBucket(s3, name);
  store.tx(() => {
    if (store.get`select 1 from s3_object where bucket = ${name} limit 1`)
      throw new AwsError(
        "BucketNotEmpty",
        "The bucket you tried to delete is not empty. You must delete all versions in the bucket.",
        {
          status: 409,
          fields: { BucketName: name },
        },
      );
    const parts = store.all<{ pieces: string }>`select pieces from s3_part join s3_upload on id = upload
      where bucket = ${name}`;
    store.run`delete from s3_upload where bucket = ${name}`;
    store.run`delete from s3_bucket where name = ${name}`;
    store.afterCommit(() => parts.forEach((part) => s3.bodies.remove(JSON.parse(part.pieces))));
  });
}
