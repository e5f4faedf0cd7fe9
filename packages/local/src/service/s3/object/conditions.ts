// Conditional requests: If-Match, If-None-Match and dates.
import { conflict, noSuchKey, preconditionFailed } from "../errors.ts";
import type { ObjectRow } from "../context.ts";

const unquote = (etag: string) =>
  etag
    .trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
const matchesEtag = (condition: string, etag: string) =>
  condition.split(",").some((one) => one.trim() === "*" || unquote(one) === etag);
/** HTTP dates have no milliseconds. */
const seconds = (time: number) => Math.floor(time / 1000);

interface ReadConditions {
  IfMatch?: string;
  IfNoneMatch?: string;
  IfModifiedSince?: Date;
  IfUnmodifiedSince?: Date;
}

/** Whether the response is 304 Not Modified. Throws when another condition fails. */
export function isUnchanged(input: ReadConditions, { etag, modified }: ObjectRow): boolean {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = input;
  if (IfMatch !== undefined) {
    if (!matchesEtag(IfMatch, etag)) throw preconditionFailed("If-Match");
  } else if (IfUnmodifiedSince && seconds(modified) > seconds(IfUnmodifiedSince.getTime())) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  if (IfNoneMatch !== undefined) return matchesEtag(IfNoneMatch, etag);
  return IfModifiedSince !== undefined && seconds(modified) <= seconds(IfModifiedSince.getTime());
}

/** The conditions on the source of a copy. A copy fails where a read returns 304. */
export function checkSource(input: Record<string, any>, row: ObjectRow) {
  const unchanged = isUnchanged(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    row,
  );
  if (unchanged) throw preconditionFailed("x-amz-copy-source-If-None-Match");
}

interface WriteConditions {
  IfMatch?: string;
  IfNoneMatch?: string;
}

/**
 * Throws when the key's current object fails a condition. `before` is the object at the start of the request: when it
 * was deleted since, the error is a conflict and not a missing key.
 */
export function checkWrite(
  { IfMatch, IfNoneMatch }: WriteConditions,
  key: string,
  now: ObjectRow | undefined,
  before: ObjectRow | undefined = now,
) {
  if (IfNoneMatch !== undefined && now && matchesEtag(IfNoneMatch, now.etag))
    throw preconditionFailed("If-None-Match");
  if (IfMatch === undefined) return;
  if (!now) throw before ? conflict(key) : noSuchKey(key);
  if (!matchesEtag(IfMatch, now.etag)) throw preconditionFailed("If-Match");
}
