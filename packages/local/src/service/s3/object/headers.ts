// An object's headers, user metadata and tags.
import { AwsError } from "../../../kernel/error.ts";
import type { Checksum } from "../body/checksum.ts";
import type { Detail } from "../context.ts";
import { invalidArgument } from "../errors.ts";
import { LIMITS } from "../limits.ts";

const STORED_HEADERS = [
  "CacheControl",
  "ContentDisposition",
  "ContentEncoding",
  "ContentLanguage",
  "ContentType",
  "WebsiteRedirectLocation",
] as const;

export function checkKey(key: string) {
  const bytes = Buffer.byteLength(key);
  if (bytes > LIMITS.keyBytes)
    throw new AwsError("KeyTooLongError", "Your key is too long", {
      fields: { Size: bytes, MaxSizeAllowed: LIMITS.keyBytes },
    });
  if (bytes === 0) throw invalidArgument("Object key must not be empty", "Key", key);
}

export function readDetail(input: Record<string, any>, checksum?: Checksum): Detail {
  const headers: Record<string, string> = {};
  for (const name of STORED_HEADERS) if (input[name] !== undefined) headers[name] = String(input[name]);
  // aws-chunked is the framing of the upload, not the encoding of the object.
  const encodings = (headers.ContentEncoding ?? "").split(",").map((part) => part.trim());
  const remaining = encodings.filter((part) => part !== "" && part !== "aws-chunked");
  if (remaining.length > 0) headers.ContentEncoding = remaining.join(",");
  else delete headers.ContentEncoding;
  if (input.Expires !== undefined) headers.Expires = new Date(input.Expires).toISOString();
  headers.ContentType ??= "binary/octet-stream";

  const metadata: Record<string, string> = input.Metadata ?? {};
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (size > LIMITS.metadataBytes)
    throw new AwsError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", {
      fields: { Size: size, MaxSizeAllowed: LIMITS.metadataBytes },
    });
  return {
    headers,
    metadata,
    tags: input.Tagging === undefined ? {} : readTagHeader(input.Tagging),
    storageClass: input.StorageClass ?? "STANDARD",
    checksum,
  };
}

export function detailOutput({ headers, metadata, tags, storageClass, partSizes }: Detail) {
  const { Expires, ...rest } = headers;
  return {
    ...rest,
    ...(Expires === undefined ? {} : { Expires: new Date(Expires) }),
    Metadata: metadata,
    AcceptRanges: "bytes",
    ServerSideEncryption: "AES256",
    // S3 omits the default class.
    ...(storageClass === "STANDARD" ? {} : { StorageClass: storageClass }),
    ...(Object.keys(tags).length === 0 ? {} : { TagCount: Object.keys(tags).length }),
    ...(partSizes ? { PartsCount: partSizes.length } : {}),
  };
}

export function readTagHeader(text: string): Record<string, string> {
  return checkTags([...new URLSearchParams(text)]);
}

export function checkTags(pairs: Array<[string, string]>): Record<string, string> {
  if (pairs.length > LIMITS.tags)
    throw new AwsError("BadRequest", `Object tags cannot be greater than ${LIMITS.tags}`);
  for (const [key, value] of pairs) {
    if (key === "" || key.length > LIMITS.tagKeyLength)
      throw new AwsError("InvalidTag", "The TagKey you have provided is invalid", {
        fields: { TagKey: key },
      });
    if (value.length > LIMITS.tagValueLength)
      throw new AwsError("InvalidTag", "The TagValue you have provided is invalid", {
        fields: { TagValue: value },
      });
  }
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length !== pairs.length)
    throw new AwsError("InvalidTag", "Cannot provide multiple Tags with the same key");
  return tags;
}
