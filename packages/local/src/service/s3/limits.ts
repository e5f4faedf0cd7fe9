// S3's limits, in bytes unless noted.
const MB = 1024 * 1024;
const GB = 1024 * MB;

export const LIMITS = {
  putBytes: 5 * GB,
  objectBytes: 5 * 1024 * GB,
  minPartBytes: 5 * MB,
  maxPartBytes: 5 * GB,
  /** Parts of one upload; part numbers run from 1. */
  parts: 10_000,
  keyBytes: 1024,
  /** Names and values of user metadata together. */
  metadataBytes: 2048,
  /** Objects in one DeleteObjects. */
  deleteObjects: 1000,
  /** Keys, versions, parts or uploads on one page. */
  page: 1000,
  tags: 10,
  tagKeyLength: 128,
  tagValueLength: 256,
  /** All fields of a POST form but the file. */
  formBytes: 20 * 1024,
} as const;
