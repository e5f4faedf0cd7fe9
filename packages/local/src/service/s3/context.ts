// The context of all S3 operations, and the tables.
import type { Kernel } from "../../kernel/service.ts";
import type { Bodies, BodyFile } from "./body/files.ts";
import type { Checksum } from "./body/checksum.ts";

export interface S3 {
  kernel: Kernel;
  bodies: Bodies;
}

// SQLite orders text by UTF-8 bytes, as S3 orders keys. `seq` orders all writes; events contain it as sequencer.
export const TABLES = `
  create table if not exists s3_bucket (name text primary key, created integer not null, config text not null);
  create table if not exists s3_sequence (id integer primary key check (id = 1), value integer not null);
  insert or ignore into s3_sequence values (1, 0);
  create table if not exists s3_object (
    bucket text not null, key text not null, seq integer not null, version text not null,
    latest integer not null, marker integer not null, size integer not null, etag text not null,
    modified integer not null, pieces text not null, detail text not null,
    primary key (bucket, key, seq)
  ) without rowid;
  create unique index if not exists s3_object_version on s3_object (bucket, key, version);
  create index if not exists s3_object_current on s3_object (bucket, key) where latest = 1 and marker = 0;
  create table if not exists s3_upload (
    id text primary key, bucket text not null, key text not null, initiated integer not null, detail text not null
  );
  create index if not exists s3_upload_key on s3_upload (bucket, key);
  create table if not exists s3_part (
    upload text not null references s3_upload (id) on delete cascade, number integer not null, size integer not null,
    etag text not null, modified integer not null, pieces text not null, checksum text not null,
    primary key (upload, number)
  ) without rowid;
`;

/** One version of one key: an object or a delete marker. */
export interface ObjectRow {
  bucket: string;
  key: string;
  seq: number;
  /** "null" while the bucket is not versioned. */
  version: string;
  latest: 0 | 1;
  marker: 0 | 1;
  size: number;
  /** Without quotes. */
  etag: string;
  modified: number;
  /** JSON of Piece[]. */
  pieces: string;
  /** JSON of Detail. */
  detail: string;
}

export interface Detail {
  headers: Record<string, string>;
  metadata: Record<string, string>;
  tags: Record<string, string>;
  checksum?: Checksum;
  storageClass: string;
  /** The sizes of a multipart object's parts, in order. */
  partSizes?: number[];
}

export const bodyFiles = (row: { pieces: string }) => JSON.parse(row.pieces) as BodyFile[];
export const detailOf = (row: { detail: string }) => JSON.parse(row.detail) as Detail;
export const quote = (etag: string) => `"${etag}"`;
