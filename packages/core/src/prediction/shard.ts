// A day's predictions are in several partitions of an index: one accepts 1,000 writes a second.
import { createHash } from "node:crypto";

const SHARDS = 8;

/** Follows the name of a day or a bucket: `2026-11-21.3`. */
const suffixes = Array.from({ length: SHARDS }, (_, index) => `.${index}`);

const suffixOf = (id: string) => suffixes[createHash("sha256").update(id).digest()[0]! % SHARDS]!;

/** The partition that a prediction is written to. */
export const shardedBucket = (bucket: string, id: string) => `${bucket}${suffixOf(id)}`;

/** All partitions to read. The first has the records of older versions, which were in one. */
export const shardsOf = (bucket: string): string[] => [
  bucket,
  ...suffixes.map((suffix) => `${bucket}${suffix}`),
];
